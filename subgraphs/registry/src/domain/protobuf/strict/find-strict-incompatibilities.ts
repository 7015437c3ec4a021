import { matchSchemas } from '../match-schemas.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import { compareEnums } from './compare-enums.ts';
import { compareExtensions } from './compare-extensions.ts';
import { compareFields } from './compare-fields.ts';
import { compareFiles } from './compare-files.ts';
import { compareMessages } from './compare-messages.ts';
import { compareServices } from './compare-services.ts';
import { createEnumCoverage } from './enum-coverage.ts';
import { createOneofRivals } from './oneof-rivals.ts';
import { isSameDefinition } from './same-definition.ts';
import { finding } from './strict-comparison.ts';

/**
 * What breaks bytes, JSON or generated source between two schemas, by the rules of buf and under their names. Messages that go
 * count as WIRE, where buf counts them as SOURCE: a record of such a message cannot be read any more.
 */
export function findStrictIncompatibilities(
  reader: ProtobufSchema,
  writer: ProtobufSchema,
  newer: 'READER' | 'WRITER',
): readonly ProtobufIncompatibility[] {
  const comparison = { reader, writer, movesOn: newer === 'READER', enums: createEnumCoverage() };
  const match = matchSchemas(reader, writer, isSameDefinition);
  const deleted = comparison.movesOn ? match.missingMessages : [];
  const deletedEnums = comparison.movesOn ? match.missingEnums : [];
  return [
    ...compareFiles(reader.file, writer.file),
    ...deleted.map(({ writer: { fullName }, path }) =>
      finding('WIRE', 'MESSAGE_NO_DELETE', path, `the message ${fullName} is deleted`, {
        datum: { '@type': `type.googleapis.com/${fullName}` },
        why: `the reader knows no message ${fullName}`,
      }),
    ),
    ...deletedEnums.map(({ writer: { fullName }, path }) =>
      finding('SOURCE', 'ENUM_NO_DELETE', path, `the enum ${fullName} is deleted`),
    ),
    ...match.messages.flatMap((pair) => {
      const rivals = createOneofRivals(pair.fields);
      return [
        ...compareMessages(comparison, pair),
        ...pair.fields.flatMap((fields) => compareFields(comparison, pair, fields, rivals)),
      ];
    }),
    ...match.enums.flatMap((pair) => compareEnums(comparison, pair)),
    ...compareExtensions(comparison),
    ...compareServices(comparison),
  ];
}
