/** What was wrong with a value that a subgraph gave, where it is in the client's answer. */
export interface Fault {
  readonly message: string;
  /** From the inside out: whoever holds the value adds its name when it returns. */
  readonly path: (string | number)[];
  /**
   * `completion`: the value is null or none of the type, which clients hear of in `extensions.valueCompletion`.
   * `shape`: not even JSON of the kind that the type asks for, which is an error.
   */
  readonly kind: 'completion' | 'shape';
}

/** Stands for a null whose cause is told already. */
export const faulty: unique symbol = Symbol('faulty');

/** Brings a value into the shape that the client asked for: the value, null, or `faulty`. */
export type Complete = (value: unknown, faults: Fault[]) => unknown;
