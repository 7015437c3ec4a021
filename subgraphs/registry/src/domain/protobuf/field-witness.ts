import type { Witness } from '../incompatibility.ts';
import type { FieldPair, MessagePair } from './match-schemas.ts';
import { type ProtobufSchema, resolveProtoType } from './protobuf-schema.ts';
import { cardinalityText, protoTypeText } from './type-text.ts';
import { sampleValue, writtenMessage } from './witness.ts';

/** A message of the writer whose field the reader takes for something else, and what it takes it for. */
export function fieldWitness(
  schemas: { readonly reader: ProtobufSchema; readonly writer: ProtobufSchema },
  pair: MessagePair,
  { reader, writer }: FieldPair,
): Witness | undefined {
  const mine = `${cardinalityText(reader)} ${protoTypeText(reader.type)}`;
  if (reader.presence === 'required' && writer.presence !== 'required' && !writer.isRepeated) {
    const why = `the reader refuses a message without the required field ${reader.name}`;
    return writtenMessage(schemas.writer, pair.writer, [], new Map(), why);
  }
  if (writer.isRepeated && !reader.isRepeated && writer.type.kind !== 'map') {
    const value = sampleValue(schemas.writer, writer.type);
    if (value === undefined) return undefined;
    const why = `the reader takes ${reader.name} for ${mine} and cannot keep both values`;
    return writtenMessage(schemas.writer, pair.writer, [writer], new Map([[writer, [value, value]]]), why);
  }
  const written = resolveProtoType(schemas.writer, writer.type);
  const isText = written.kind === 'scalar' && (written.scalar === 'string' || written.scalar === 'bytes');
  const why = isText
    ? `the reader takes the bytes of ${writer.name} for ${mine}`
    : `the reader takes what was written as ${protoTypeText(writer.type)} in ${writer.name} for ${mine}`;
  return writtenMessage(schemas.writer, pair.writer, [writer], new Map(), why);
}
