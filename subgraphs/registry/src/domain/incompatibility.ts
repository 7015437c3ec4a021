import type { Axis } from './check-rules.ts';
import { jsonKinds } from './json-schema/json-kinds.ts';
import { protobufKinds } from './protobuf/protobuf-kinds.ts';

/** What a breach between a reader and a writer schema can be. The first six are the words of the Avro project. */
export const incompatibilityKinds = [
  'NAME_MISMATCH',
  'FIXED_SIZE_MISMATCH',
  'MISSING_ENUM_SYMBOLS',
  'READER_FIELD_MISSING_DEFAULT_VALUE',
  'TYPE_MISMATCH',
  'MISSING_UNION_BRANCH',
  /** The bytes decode, and mean something else: another decimal scale, another unit of time. */
  'LOGICAL_TYPE_MISMATCH',
  /** Name and aliases of a reader's field fit more than one field of the writer. */
  'AMBIGUOUS_ALIAS',
  /** The two schemas are of different formats. */
  'SCHEMA_TYPE_CHANGED',
  ...protobufKinds,
  ...jsonKinds,
] as const;

export type IncompatibilityKind = (typeof incompatibilityKinds)[number];

/** One breach found by a check. */
export interface Incompatibility {
  readonly kind: IncompatibilityKind;
  /** JSON pointer into the reader schema. Where the writer has a union, the index of its branch is a step, too. */
  readonly path: string;
  readonly message: string;
  /** Only for Protobuf under the strict profile: the mildest thing that breaks. */
  readonly axis?: Axis;
  readonly witness?: Witness;
}

/** A datum that the writer can write, and what becomes of it at the reader. */
export interface Witness {
  /** In the JSON form of its format. */
  readonly datum: unknown;
  readonly why: string;
}
