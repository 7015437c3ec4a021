/** The types of a field that hold no others (Protocol Buffers, "Scalar Value Types"). */
export const scalarTypes = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const;

export type ScalarType = (typeof scalarTypes)[number];

export type ProtoType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  /** A message or an enum. In a linked schema the full name without a leading dot; before, as it is written. */
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'map'; readonly key: ScalarType; readonly value: ProtoType };

/** The value of an option. Numbers stay text: 64 bits do not fit a JavaScript number. */
export type OptionValue =
  | { readonly kind: 'string'; readonly text: string }
  /** A number or a word: `true`, `SPEED`, `-1.5`, `inf`. */
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly OptionValue[] }
  | { readonly kind: 'message'; readonly fields: readonly ProtoOption[] };

/** `deprecated`, `features.field_presence`, `(acme.tag).level`: the name is what stands before the equals sign. */
export interface ProtoOption {
  readonly name: string;
  readonly value: OptionValue;
}

/** What every named piece has. */
export interface ProtoPiece {
  readonly name: string;
  /** The comment before it or behind it, without its marks. */
  readonly doc?: string;
  readonly options: readonly ProtoOption[];
  /** Line of the text, from 1; absent where the schema came as a descriptor. */
  readonly line?: number;
}

/** Numbers from `first` to `last`, both included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

export interface ProtoField extends ProtoPiece {
  readonly number: number;
  /** As written; absent in a oneof and where proto3 and editions have none. */
  readonly label?: 'optional' | 'required' | 'repeated';
  readonly type: ProtoType;
  /** A group of proto2: its message lies beside the field. */
  readonly isGroup: boolean;
  /** The oneof that it is a member of. The one that a compiler makes for `optional` in proto3 is none. */
  readonly oneof?: string;
  /** Only for an extension: the message that it extends. */
  readonly extendee?: string;
}

export interface ProtoMessage extends ProtoPiece {
  readonly fields: readonly ProtoField[];
  readonly oneofs: readonly ProtoPiece[];
  readonly messages: readonly ProtoMessage[];
  readonly enums: readonly ProtoEnum[];
  readonly extensions: readonly ProtoField[];
  readonly extensionRanges: readonly NumberRange[];
  readonly reservedRanges: readonly NumberRange[];
  readonly reservedNames: readonly string[];
}

export interface ProtoEnumValue extends ProtoPiece {
  readonly number: number;
}

export interface ProtoEnum extends ProtoPiece {
  readonly values: readonly ProtoEnumValue[];
  readonly reservedRanges: readonly NumberRange[];
  readonly reservedNames: readonly string[];
}

export interface ProtoMethod extends ProtoPiece {
  readonly request: string;
  readonly response: string;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
}

export interface ProtoService extends ProtoPiece {
  readonly methods: readonly ProtoMethod[];
}

export interface ProtoImport {
  readonly path: string;
  readonly kind: 'plain' | 'public' | 'weak';
}

/** One .proto file as it is written. */
export interface ProtoFile {
  readonly syntax: 'proto2' | 'proto3' | 'editions';
  /** Only where the syntax is `editions`: `2023`. */
  readonly edition?: string;
  /** Empty if the file names none. */
  readonly package: string;
  readonly imports: readonly ProtoImport[];
  readonly options: readonly ProtoOption[];
  readonly messages: readonly ProtoMessage[];
  readonly enums: readonly ProtoEnum[];
  readonly services: readonly ProtoService[];
  readonly extensions: readonly ProtoField[];
}

/** The greatest number that a field can have. */
export const maxFieldNumber = 536_870_911;
export const maxEnumNumber = 2_147_483_647;

/** The word or number that an option is set to; undefined if it is not set, or to something larger. */
export function optionWord(options: readonly ProtoOption[], name: string): string | undefined {
  const value = options.find((option) => option.name === name)?.value;
  return value?.kind === 'word' || value?.kind === 'string' ? value.text : undefined;
}

export function isScalarType(word: string): word is ScalarType {
  return scalars.has(word);
}

const scalars: ReadonlySet<string> = new Set(scalarTypes);
