import type { MessagePair, SchemaMatch } from '../match-schemas.ts';
import { matchSchemas } from '../match-schemas.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { protoTypeText } from '../type-text.ts';
import { compareFields } from './compare-fields.ts';
import { compareMessages } from './compare-messages.ts';

/**
 * What Confluent's registry holds against `reader` following `writer`: the 11 of its 26 kinds of change that it does not take.
 * Fields are compared by number across the whole message, whichever oneof they are in.
 */
export function findConfluentIncompatibilities(
  reader: ProtobufSchema,
  writer: ProtobufSchema,
): readonly ProtobufIncompatibility[] {
  const schemas = { reader, writer };
  const match = matchSchemas(reader, writer, (mine, theirs) => mine.localName === theirs.localName);
  const found = new Map<MessagePair, ProtobufIncompatibility[]>();
  for (const pair of match.messages) {
    const fields = pair.fields.flatMap((field) => compareFields(schemas, pair, field));
    found.set(pair, [...compareMessages(schemas, pair), ...fields]);
  }
  tellOfImports(match, found);
  return [
    ...packageChange(reader, writer),
    ...match.missingMessages.map(
      ({ writer: { fullName }, path }): ProtobufIncompatibility => ({
        kind: 'MESSAGE_REMOVED',
        path,
        message: `the reader has no message ${fullName}`,
        witness: {
          datum: { '@type': `type.googleapis.com/${fullName}` },
          why: `the reader knows no message ${fullName}`,
        },
      }),
    ),
    ...match.messages.flatMap((pair) => found.get(pair) ?? []),
  ];
}

function packageChange(reader: ProtobufSchema, writer: ProtobufSchema): readonly ProtobufIncompatibility[] {
  const [mine, theirs] = [reader.file.package, writer.file.package];
  if (mine === theirs) return [];
  const written = writer.file.messages[0]?.fullName;
  const witness = written !== undefined && {
    witness: {
      datum: { '@type': `type.googleapis.com/${written}` },
      why: `the reader knows no message ${written}`,
    },
  };
  const message = `the package is ${nameOr(mine)} in the reader and ${nameOr(theirs)} in the writer`;
  return [{ kind: 'PACKAGE_CHANGED', path: '', message, ...witness }];
}

function nameOr(name: string): string {
  return name === '' ? 'none' : name;
}

/** A field of an imported message changes with it. Which ones do is spread from the breaches outwards, so that cycles end. */
function tellOfImports(match: SchemaMatch, found: ReadonlyMap<MessagePair, ProtobufIncompatibility[]>): void {
  const users = new Map<MessagePair, MessagePair[]>();
  for (const pair of match.messages) {
    for (const part of [...pair.nested, ...pair.fields.flatMap((field) => field.imported ?? [])]) {
      const known = users.get(part);
      if (known === undefined) users.set(part, [pair]);
      else known.push(pair);
    }
  }
  const lacking = new Set(match.missingMessages.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
  const broken = new Set(
    match.messages.filter((pair) => (found.get(pair) ?? []).length > 0 || lacking.has(pair.path)),
  );
  // The set grows while it is walked.
  for (const pair of broken) for (const user of users.get(pair) ?? []) broken.add(user);
  for (const pair of match.messages) {
    for (const { imported, path, reader } of pair.fields) {
      if (imported === undefined || !broken.has(imported)) continue;
      const message = `${protoTypeText(reader.type)}, which the field ${reader.name} holds, has changed incompatibly`;
      found.get(pair)?.push({ kind: 'FIELD_NAMED_TYPE_CHANGED', path, message });
    }
  }
}
