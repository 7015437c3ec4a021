/** What a part of a schema can be, in the words of whichever format has it. */
export const partKinds = [
  'SCHEMA',
  'REFERENCE',
  'PACKAGE',
  'IMPORT',
  'RECORD',
  'FIELD',
  'ENUM',
  'SYMBOL',
  'FIXED',
  'ONEOF',
  'SERVICE',
  'METHOD',
  'EXTENSION',
  /** A schema under `$defs` or `definitions`. */
  'DEFINITION',
  /** Any other schema inside a JSON Schema: items, a branch of oneOf. */
  'SUBSCHEMA',
  /** What a version says about its data beside the shape. */
  'GOVERNANCE',
] as const;

export type PartKind = (typeof partKinds)[number];

/** What can be said of a part. A fact that is absent is one that the text does not state. */
export interface PartFacts {
  readonly type?: unknown;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly aliases?: readonly string[];
  readonly constraints?: unknown;
  readonly number?: number;
  readonly options?: unknown;
  readonly doc?: string;
}

/** A piece of a schema that people see come, go and change. */
export interface SchemaPart {
  readonly part: PartKind;
  /** What tells it from its siblings in every version: its name, or the number that stands for it on the wire. */
  readonly key: string;
  /** Keys that it had in earlier versions, by its own account. */
  readonly formerKeys?: readonly string[];
  /** The name, for people. */
  readonly name: string;
  /** JSON pointer; for Protobuf by names and numbers, such as `/Order/fields/2`. */
  readonly path: string;
  /** Where each fact stands below `path`, if it does not stand at `path` itself. */
  readonly facts: PartFacts;
  /** Whether the order of the parts inside says something: it does in Avro. */
  readonly isOrdered?: boolean;
  readonly parts: readonly SchemaPart[];
}
