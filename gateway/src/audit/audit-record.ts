/** What the audit log says of one operation. Never a token, never the value of a variable. */
export interface AuditRecord {
  /** mutation: about to run. read: a sensitive field was read. refused: nothing ran. outcome: how a mutation ended. lost: records that could not be written. */
  readonly kind: 'mutation' | 'read' | 'refused' | 'outcome' | 'lost';
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly requestId: string;
  readonly principal: {
    readonly id: string;
    readonly kind: string;
    readonly roles: readonly string[];
    readonly functions: readonly string[];
  };
  readonly operation: {
    readonly type: string;
    readonly name: string | null;
    /** Of the document's text. */
    readonly sha256: string;
  };
  /** Keyed hash of the canonical variables: equal ones are seen to be equal, and none can be guessed. null: there are none. */
  readonly variables: string | null;
  /** Fields tagged `sensitive` that the operation names, as `Type.field`. */
  readonly sensitive: readonly string[];
  readonly decision: 'allowed' | 'refused';
  /** Why it was refused: a code. */
  readonly reason: string | null;
  readonly cost: number;
  readonly subgraphs: readonly string[];
  /** OK, or the code of the first error; null while it is not known. */
  readonly result: string | null;
  /** Of an outcome: the entry that it ends. */
  readonly of: string | null;
  /** Of `lost`: how many. */
  readonly count: number | null;
}

/** A record at its place in the chain. */
export interface AuditEntry {
  readonly seq: bigint;
  readonly at: Date;
  readonly prevHash: string;
  readonly hash: string;
  /** The canonical text that was hashed. */
  readonly body: string;
}
