import { pointer } from '../json.ts';
import {
  type ProtobufEnum,
  type ProtobufField,
  type ProtobufMessage,
  type ProtobufSchema,
  type ResolvedType,
  resolveProtoType,
} from './protobuf-schema.ts';

/** A message of the reader and the one of the writer that it stands for. */
export interface MessagePair {
  readonly reader: ProtobufMessage;
  readonly writer: ProtobufMessage;
  /** JSON pointer into the reader: `/Order/Line`. */
  readonly path: string;
  /** Fields with one number, in its order. */
  readonly fields: readonly FieldPair[];
  /** Pairs of messages inside. */
  readonly nested: readonly MessagePair[];
}

export interface FieldPair {
  readonly reader: ProtobufField;
  readonly writer: ProtobufField;
  /** `/Order/fields/2` */
  readonly path: string;
  /** The imported messages that both fields hold, compared on their own. */
  readonly imported?: MessagePair;
}

export interface EnumPair {
  readonly reader: ProtobufEnum;
  readonly writer: ProtobufEnum;
  readonly path: string;
}

/** Something of the writer that the reader has not, and where it would be. */
export interface Missing<T> {
  readonly writer: T;
  readonly path: string;
}

/** What two schemas have in common, and what the reader lacks. */
export interface SchemaMatch {
  readonly messages: readonly MessagePair[];
  readonly enums: readonly EnumPair[];
  readonly missingMessages: readonly Missing<ProtobufMessage>[];
  readonly missingEnums: readonly Missing<ProtobufEnum>[];
}

type Named = ProtobufMessage | ProtobufEnum;

/** Whether two definitions are one in two versions. */
export type SameDefinition = (reader: Named, writer: Named) => boolean;

/**
 * Pairs the definitions of two schemas: those of the schema itself by name and place, imported ones where two fields with one number
 * hold them. Takes time in proportion to the schemas; a pair is met once.
 */
export function matchSchemas(
  reader: ProtobufSchema,
  writer: ProtobufSchema,
  isSame: SameDefinition,
): SchemaMatch {
  const messages: MutablePair[] = [];
  const enums: EnumPair[] = [];
  const missingMessages: Missing<ProtobufMessage>[] = [];
  const missingEnums: Missing<ProtobufEnum>[] = [];
  const pairs = new Map<ProtobufMessage, Map<ProtobufMessage, MutablePair>>();
  const seenEnums = new Map<ProtobufEnum, Set<ProtobufEnum>>();

  function pairOf(readerMessage: ProtobufMessage, writerMessage: ProtobufMessage, path: string): MutablePair {
    const row = pairs.get(readerMessage) ?? new Map<ProtobufMessage, MutablePair>();
    pairs.set(readerMessage, row);
    const known = row.get(writerMessage);
    if (known !== undefined) return known;
    const pair: MutablePair = { reader: readerMessage, writer: writerMessage, path, fields: [], nested: [] };
    row.set(writerMessage, pair);
    messages.push(pair);
    return pair;
  }

  function addEnum(readerEnum: ProtobufEnum, writerEnum: ProtobufEnum, path: string): void {
    const row = seenEnums.get(readerEnum) ?? new Set();
    seenEnums.set(readerEnum, row);
    if (row.has(writerEnum)) return;
    row.add(writerEnum);
    enums.push({ reader: readerEnum, writer: writerEnum, path });
  }

  function matchScope(readerScope: Scope, writerScope: Scope, path: string): MutablePair[] {
    const readerMessages = new Map(readerScope.messages.map((each) => [each.name, each]));
    const readerEnums = new Map(readerScope.enums.map((each) => [each.name, each]));
    const nested: MutablePair[] = [];
    for (const each of writerScope.messages) {
      const other = readerMessages.get(each.name);
      const at = pointer(path, each.name);
      if (other === undefined) missingMessages.push({ writer: each, path: at });
      else nested.push(pairOf(other, each, at));
    }
    for (const each of writerScope.enums) {
      const other = readerEnums.get(each.name);
      const at = pointer(path, each.name);
      if (other === undefined) missingEnums.push({ writer: each, path: at });
      else addEnum(other, each, at);
    }
    return nested;
  }

  /** Definitions of the schema itself are compared where they stand. */
  function importedPair(readerType: ResolvedType, writerType: ResolvedType): MutablePair | undefined {
    if (readerType.kind === 'message' && writerType.kind === 'message') {
      const [mine, theirs] = [readerType.message, writerType.message];
      if (isLocal(mine, theirs) || !isSame(mine, theirs)) return undefined;
      return pairOf(mine, theirs, pathOf(mine));
    }
    if (readerType.kind === 'enum' && writerType.kind === 'enum') {
      const [mine, theirs] = [readerType.enum, writerType.enum];
      if (!isLocal(mine, theirs) && isSame(mine, theirs)) addEnum(mine, theirs, pathOf(mine));
    }
    return undefined;
  }

  matchScope(reader.file, writer.file, '');
  // The list grows while it is walked.
  for (const pair of messages) {
    const writerFields = new Map(pair.writer.fields.map((field) => [field.number, field]));
    for (const field of pair.reader.fields.toSorted((a, b) => a.number - b.number)) {
      const other = writerFields.get(field.number);
      if (other === undefined) continue;
      const imported = importedPair(heldType(reader, field), heldType(writer, other));
      const path = pointer(`${pair.path}/fields`, field.number);
      pair.fields.push({ reader: field, writer: other, path, ...(imported !== undefined && { imported }) });
    }
    for (const nested of matchScope(pair.reader, pair.writer, pair.path)) pair.nested.push(nested);
  }
  return { messages, enums, missingMessages, missingEnums };
}

interface MutablePair extends MessagePair {
  readonly fields: FieldPair[];
  readonly nested: MessagePair[];
}

interface Scope {
  readonly messages: readonly ProtobufMessage[];
  readonly enums: readonly ProtobufEnum[];
}

function isLocal(reader: Named, writer: Named): boolean {
  return reader.file === '' && writer.file === '';
}

function pathOf(definition: Named): string {
  return definition.localName.split('.').reduce<string>(pointer, '');
}

/** What a field holds; of a map its values. */
function heldType(schema: ProtobufSchema, field: ProtobufField): ResolvedType {
  return resolveProtoType(schema, field.type.kind === 'map' ? field.type.value : field.type);
}
