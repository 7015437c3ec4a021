import { toUpperSnakeCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { valuesOf } from '../../protobuf-places.ts';

export const enumValuePrefix: ProtobufRule = {
  id: 'ENUM_VALUE_PREFIX',
  format: 'PROTOBUF',
  severity: 'warning',
  summary:
    'The values of an enum begin with its name in UPPER_SNAKE_CASE, since they share a namespace with their siblings.',
  check: ({ file }) =>
    valuesOf(file)
      .filter(({ piece, of }) => !piece.name.startsWith(`${toUpperSnakeCase(of.name)}_`))
      .map(({ piece: { name }, of, path }) => ({
        path,
        message: `the value ${name} does not begin with ${toUpperSnakeCase(of.name)}_`,
      })),
};
