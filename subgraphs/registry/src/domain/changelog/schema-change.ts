import type { Direction } from '../check-report.ts';
import type { PartKind } from '../outline/schema-part.ts';

/** What can happen to a part of a schema, or to what a version says about its data. */
export const changeKinds = [
  'ADDED',
  'REMOVED',
  /** Known under its old name by an alias, or by the number that it keeps on the wire. */
  'RENAMED',
  'TYPE_CHANGED',
  'REQUIRED_CHANGED',
  'DEFAULT_CHANGED',
  'ALIASES_CHANGED',
  'CONSTRAINTS_CHANGED',
  'NUMBER_CHANGED',
  'ORDER_CHANGED',
  'OPTIONS_CHANGED',
  'DOC_CHANGED',
  'TAG_ADDED',
  'TAG_REMOVED',
  'DATA_CLASS_CHANGED',
  'RETENTION_CHANGED',
  /** A breach at a place where nothing changed: what changed is referred to from there, or is with an older version. */
  'BREACH',
] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** A breach that comes of a change. */
export interface ChangeBreach {
  /** BACKWARD: the new schema does not read old data. FORWARD: the old schema does not read new data. */
  readonly direction: Direction;
  readonly kind: string;
  readonly path: string;
  readonly message: string;
}

/**
 * One difference between a version and the one before it. Stored with the version as it is here, so its shape is a
 * contract: members may be added, never renamed.
 */
export interface SchemaChange {
  readonly kind: ChangeKind;
  readonly part: PartKind;
  /** The part for people: `shop.Order.email`; of a tag the path of its field. */
  readonly name: string;
  /** JSON pointer into the new schema; absent where the part is gone, and where no text carries it. */
  readonly path?: string;
  /** JSON pointer into the old schema; absent where the part is new. */
  readonly oldPath?: string;
  /** JSON values; absent on the side that has none. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** Who is broken by it; empty if nobody is. */
  readonly breaks: readonly Direction[];
  readonly breaches: readonly ChangeBreach[];
}
