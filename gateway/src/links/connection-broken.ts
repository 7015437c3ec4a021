/** The connection was refused, or broke before a byte of the answer came. The subgraph may have done the work all the same. */
export class ConnectionBroken extends Error {
  override readonly name = 'ConnectionBroken';

  constructor(subgraph: string, cause: unknown) {
    super(`the connection to ${subgraph} broke before it answered`, { cause });
  }
}
