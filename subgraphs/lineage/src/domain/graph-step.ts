/** Where a walk stands: at a dataset with `via` empty, or at a job that it reached from the datasets `via`. */
export interface GraphStep {
  readonly node: string;
  readonly via: readonly string[];
}
