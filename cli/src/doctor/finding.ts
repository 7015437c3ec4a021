/** One thing that `doctor` looked at. */
export interface Finding {
  readonly name: string;
  readonly good: boolean;
  readonly detail: string;
  readonly fix?: string;
}
