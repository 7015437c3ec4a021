/** A stream from a subgraph broke: what follows is unknown until somebody asks again from the last cursor. */
export class SubgraphLost extends Error {
  override readonly name = 'SubgraphLost';
  readonly subgraph: string;

  constructor(subgraph: string, cause: unknown) {
    super(`the stream from ${subgraph} broke`, { cause });
    this.subgraph = subgraph;
  }
}
