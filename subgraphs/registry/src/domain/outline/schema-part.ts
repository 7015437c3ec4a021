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
  /** What stands for it on the wire, in formats that number their parts. */
  readonly number?: number;
  readonly options?: unknown;
  readonly doc?: string;
}

/** A piece of a schema that people see come, go and change. */
export interface SchemaPart {
  readonly part: PartKind;
  /** What tells it from its siblings in every version: its name, or the number that stands for it on the wire. */
  readonly key: string;
  /** What else it may be known by where no part of another version has its key: an alias, its bare name. */
  readonly otherKeys?: readonly string[];
  /** The name, for people. */
  readonly name: string;
  /** JSON pointer; for Protobuf by names and numbers, such as `/Order/fields/2`. */
  readonly path: string;
  readonly facts: PartFacts;
  /** Whether the order of the parts inside says something: it does in Avro. */
  readonly isOrdered?: boolean;
  readonly parts: readonly SchemaPart[];
}
