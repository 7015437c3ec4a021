/** Something that replicates table `t` from the source to the sink. */
export interface Contender {
  readonly name: 'own' | 'native';
  /** Copies what is there and follows; resolves when it follows. */
  start(): Promise<void>;
  /** Stops following; the source keeps what is missed. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it and leaves nothing behind at the source. */
  stop(): Promise<void>;
}
