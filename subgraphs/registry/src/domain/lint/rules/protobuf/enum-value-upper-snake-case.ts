import { isUpperSnakeCase, toUpperSnakeCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { valuesOf } from '../../protobuf-places.ts';

export const enumValueUpperSnakeCase: ProtobufRule = {
  id: 'ENUM_VALUE_UPPER_SNAKE_CASE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The values of an enum are UPPER_SNAKE_CASE.',
  check: ({ file }) =>
    valuesOf(file)
      .filter(({ piece: { name } }) => !isUpperSnakeCase(name))
      .map(({ piece: { name }, path }) => ({
        path,
        message: `the value ${name} is not UPPER_SNAKE_CASE, as ${toUpperSnakeCase(name)} is`,
      })),
};
