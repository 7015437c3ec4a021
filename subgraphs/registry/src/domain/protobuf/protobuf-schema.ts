import type { ProtoEnum, ProtoField, ProtoFile, ProtoMessage, ProtoType } from './proto-file.ts';

/** A field with what the file's syntax, edition and options say about it. */
export interface ProtobufField extends ProtoField {
  /** The name in the JSON form. */
  readonly jsonName: string;
  /** Whether a reader can tell "not set" from the default value, or demands that it is set. */
  readonly presence: 'explicit' | 'implicit' | 'required';
  readonly isRepeated: boolean;
  /** Written as one run of bytes; only for repeated numbers. */
  readonly isPacked: boolean;
  /** Framed by tags as groups are, not by a length. */
  readonly isDelimited: boolean;
  /** Whether a reader refuses bytes that are no UTF-8; only for strings. */
  readonly checksUtf8: boolean;
  /** As written; undefined if there is none. */
  readonly default: string | undefined;
}

/** A message with its names resolved. */
export interface ProtobufMessage extends Omit<ProtoMessage, 'fields' | 'messages' | 'enums' | 'extensions'> {
  /** Package and outer messages before the name, without a leading dot. */
  readonly fullName: string;
  /** The full name without the package. */
  readonly localName: string;
  /** Import path of its file; empty for the schema itself. */
  readonly file: string;
  readonly fields: readonly ProtobufField[];
  /** Those that no message may lack. */
  readonly requiredFields: readonly ProtobufField[];
  readonly messages: readonly ProtobufMessage[];
  readonly enums: readonly ProtobufEnum[];
  readonly extensions: readonly ProtobufField[];
  /** Whether two fields may share a JSON name: proto2 let them. */
  readonly jsonFormat: 'ALLOW' | 'LEGACY_BEST_EFFORT';
}

export interface ProtobufEnum extends ProtoEnum {
  readonly fullName: string;
  readonly localName: string;
  readonly file: string;
  /** The number of every value by its name. */
  readonly numbers: ReadonlyMap<string, number>;
  /** A closed enum of proto2 takes a number that it does not know for an unknown field. */
  readonly isClosed: boolean;
  readonly jsonFormat: 'ALLOW' | 'LEGACY_BEST_EFFORT';
}

/** A linked file: the tree of `ProtoFile` with names resolved. */
export interface ProtobufFile extends Omit<ProtoFile, 'messages' | 'enums' | 'extensions'> {
  /** The import path; empty for the schema itself. */
  readonly path: string;
  readonly messages: readonly ProtobufMessage[];
  readonly enums: readonly ProtobufEnum[];
  readonly extensions: readonly ProtobufField[];
}

/** A schema and all that it imports. */
export interface ProtobufSchema {
  readonly file: ProtobufFile;
  /** The files that it imports, directly or not, each after those that it imports itself. */
  readonly dependencies: readonly ProtobufFile[];
  /** Every message of every file by full name, nested ones too. */
  readonly messages: ReadonlyMap<string, ProtobufMessage>;
  readonly enums: ReadonlyMap<string, ProtobufEnum>;
  /** What compilers refuse although no comparison minds. Nobody should publish it; some comparisons need to read it. */
  readonly faults: readonly ProtobufFault[];
}

export interface ProtobufFault {
  readonly message: string;
  readonly path: string;
  readonly line: number | undefined;
}

/** What a type stands for. */
export type ResolvedType =
  | Exclude<ProtoType, { readonly kind: 'named' }>
  | { readonly kind: 'message'; readonly message: ProtobufMessage }
  | { readonly kind: 'enum'; readonly enum: ProtobufEnum };

/** The definition behind a type. A linked schema has one for every name. */
export function resolveProtoType(schema: ProtobufSchema, type: ProtoType): ResolvedType {
  if (type.kind !== 'named') return type;
  const message = schema.messages.get(type.name);
  if (message !== undefined) return { kind: 'message', message };
  const definition = schema.enums.get(type.name);
  if (definition !== undefined) return { kind: 'enum', enum: definition };
  throw new Error(`${type.name} is not linked`);
}

/** Whether everybody has this file: it never differs between two schemas. */
export function isWellKnownPath(path: string): boolean {
  return (
    path.startsWith('google/protobuf/') || path.startsWith('google/type/') || path.startsWith('confluent/')
  );
}
