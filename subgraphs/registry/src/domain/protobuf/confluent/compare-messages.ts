import { pointer } from '../../json.ts';
import type { MessagePair } from '../match-schemas.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { ProtobufField } from '../protobuf-schema.ts';
import { fieldText } from '../type-text.ts';
import { writtenMessage } from '../witness.ts';
import type { SchemaPair } from './compare-fields.ts';

/** The breaches of two messages that are not about the content of a field that both have. */
export function compareMessages(schemas: SchemaPair, pair: MessagePair): readonly ProtobufIncompatibility[] {
  return [...mergedOneofs(schemas, pair), ...removedFields(schemas, pair), ...addedFields(schemas, pair)];
}

/**
 * Fields that could be set together and now exclude each other. Members of one oneof did already; a field outside was free;
 * one that is new was never set.
 */
function mergedOneofs(schemas: SchemaPair, pair: MessagePair): readonly ProtobufIncompatibility[] {
  const found: ProtobufIncompatibility[] = [];
  const written = new Map(pair.fields.map(({ reader, writer }) => [reader, writer]));
  for (const [oneof, members] of oneofsOf(pair.reader.fields)) {
    const before = members.flatMap((field) => written.get(field) ?? []);
    const origins = new Map(before.map((field) => [field.oneof ?? field.number, field]));
    const free = before.filter((field) => field.oneof === undefined);
    const [first, second] = [...origins.values()].toSorted((a, b) => a.number - b.number);
    if (first === undefined || second === undefined) continue;
    const witness = writtenMessage(
      schemas.writer,
      pair.writer,
      [first, second],
      new Map(),
      `the reader keeps one member of the oneof ${oneof} only and drops ${first.name} or ${second.name}`,
    );
    found.push({
      kind: free.length > 1 ? 'MULTIPLE_FIELDS_MOVED_TO_ONEOF' : 'FIELD_MOVED_TO_EXISTING_ONEOF',
      path: pointer(`${pair.path}/oneofs`, oneof),
      message: `the oneof ${oneof} of the reader takes in fields that the writer can set together: ${before.map(fieldText).join(', ')}`,
      ...(witness !== undefined && { witness }),
    });
  }
  return found;
}

function removedFields(schemas: SchemaPair, pair: MessagePair): readonly ProtobufIncompatibility[] {
  const kept = new Set(pair.fields.map(({ writer }) => writer));
  const readerOneofs = new Set(pair.reader.oneofs.map((oneof) => oneof.name));
  const alive = new Set(pair.fields.map(({ writer }) => writer.oneof));
  return pair.writer.fields.flatMap((field): readonly ProtobufIncompatibility[] => {
    if (kept.has(field)) return [];
    // A oneof that went with all of its members takes nothing from anybody.
    const isInOneof = field.oneof !== undefined && (readerOneofs.has(field.oneof) || alive.has(field.oneof));
    if (!isInOneof && field.label !== 'required') return [];
    const why = `the reader knows no field ${field.number} and does not see ${field.name}`;
    const witness = writtenMessage(schemas.writer, pair.writer, [field], new Map(), why);
    return [
      {
        kind: isInOneof ? 'ONEOF_FIELD_REMOVED' : 'REQUIRED_FIELD_REMOVED',
        path: pointer(`${pair.path}/fields`, field.number),
        message: isInOneof
          ? `the reader's oneof ${field.oneof} lacks the member ${fieldText(field)} of the writer`
          : `the reader lacks the required field ${fieldText(field)} of the writer`,
        ...(witness !== undefined && { witness }),
      },
    ];
  });
}

function addedFields(schemas: SchemaPair, pair: MessagePair): readonly ProtobufIncompatibility[] {
  const known = new Set(pair.fields.map(({ reader }) => reader));
  return pair.reader.fields.flatMap((field): readonly ProtobufIncompatibility[] => {
    if (known.has(field) || field.label !== 'required') return [];
    const why = `the reader refuses a message without the required field ${field.name}`;
    const witness = writtenMessage(schemas.writer, pair.writer, [], new Map(), why);
    return [
      {
        kind: 'REQUIRED_FIELD_ADDED',
        path: pointer(`${pair.path}/fields`, field.number),
        message: `the reader requires the field ${fieldText(field)}, which the writer lacks`,
        ...(witness !== undefined && { witness }),
      },
    ];
  });
}

function oneofsOf(fields: readonly ProtobufField[]): ReadonlyMap<string, readonly ProtobufField[]> {
  const oneofs = new Map<string, ProtobufField[]>();
  for (const field of fields) {
    if (field.oneof === undefined) continue;
    const members = oneofs.get(field.oneof);
    if (members === undefined) oneofs.set(field.oneof, [field]);
    else members.push(field);
  }
  return oneofs;
}
