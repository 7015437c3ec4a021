import { pointer } from '../../../json.ts';
import { isLowerSnakeCase, toLowerSnakeCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { messagesOf, placed } from '../../protobuf-places.ts';

export const oneofLowerSnakeCase: ProtobufRule = {
  id: 'ONEOF_LOWER_SNAKE_CASE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'Oneofs are lower_snake_case.',
  check: ({ file }) =>
    messagesOf(file)
      .flatMap(({ piece, path }) => placed(piece.oneofs, pointer(path, 'oneofs')))
      .filter(({ piece: { name } }) => !isLowerSnakeCase(name))
      .map(({ piece: { name }, path }) => ({
        path,
        message: `the oneof ${name} is not lower_snake_case, as ${toLowerSnakeCase(name)} is`,
      })),
};
