import { isPascalCase, toPascalCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { messagesOf } from '../../protobuf-places.ts';

export const messagePascalCase: ProtobufRule = {
  id: 'MESSAGE_PASCAL_CASE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'Messages are PascalCase.',
  check: ({ file }) =>
    messagesOf(file)
      .filter(({ piece: { name } }) => !isPascalCase(name))
      .map(({ piece: { name }, path }) => ({
        path,
        message: `the message ${name} is not PascalCase, as ${toPascalCase(name)} is`,
      })),
};
