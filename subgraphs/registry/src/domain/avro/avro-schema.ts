/** The eight types of Avro that have no parts (Avro 1.12, "Primitive Types"). */
export const primitiveKinds = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
] as const;

export type PrimitiveKind = (typeof primitiveKinds)[number];

/** What the bytes of a type mean beyond Avro's own types. Only the valid, specified ones are kept. */
export interface LogicalType {
  readonly name: string;
  /** Only for decimal: digits in all, and after the point. */
  readonly precision?: number;
  readonly scale?: number;
}

export interface AvroPrimitive {
  readonly kind: PrimitiveKind;
  readonly logical?: LogicalType;
}

export interface AvroArray {
  readonly kind: 'array';
  readonly items: AvroType;
}

export interface AvroMap {
  readonly kind: 'map';
  readonly values: AvroType;
}

export interface AvroUnion {
  readonly kind: 'union';
  readonly branches: readonly AvroType[];
}

/** A use of a named type; its definition is in `AvroSchema.named`. Trees stay finite where schemas are recursive. */
export interface AvroReference {
  readonly kind: 'reference';
  readonly name: string;
}

/** What people and tools read, and no reader of data does. */
export interface AvroNotes {
  readonly doc?: string;
  /** Attributes that Avro gives no meaning, as they stand in the schema. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface AvroField extends AvroNotes {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroType;
  /** Absent where a reader needs the writer to have the field. The JSON as it stands in the schema. */
  readonly default?: { readonly value: unknown };
  /** How the field weighs when records are sorted; absent for ascending. */
  readonly order?: 'descending' | 'ignore';
  /** The name of the column that the field stands for, where Avro did not allow it (`spine.name`). */
  readonly sourceName?: string;
}

export interface AvroRecord extends AvroNotes {
  readonly kind: 'record';
  /** Full name: the namespace, a dot, the simple name. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly isError: boolean;
  readonly fields: readonly AvroField[];
}

export interface AvroEnum extends AvroNotes {
  readonly kind: 'enum';
  readonly name: string;
  readonly aliases: readonly string[];
  readonly symbols: readonly string[];
  /** What a reader takes for a symbol that it does not know. */
  readonly default?: string;
}

export interface AvroFixed extends AvroNotes {
  readonly kind: 'fixed';
  readonly name: string;
  readonly aliases: readonly string[];
  readonly size: number;
  readonly logical?: LogicalType;
}

export type AvroNamed = AvroRecord | AvroEnum | AvroFixed;

export type AvroType = AvroPrimitive | AvroArray | AvroMap | AvroUnion | AvroReference;

/** A type without a reference on top. */
export type ResolvedType = Exclude<AvroType, AvroReference> | AvroNamed;

/**
 * A whole schema: its root, and every named type by full name in the order of definition, those of the schemas that it
 * refers to first.
 */
export interface AvroSchema {
  readonly root: AvroType;
  readonly named: ReadonlyMap<string, AvroNamed>;
}
