import { isLowerSnakeCase, toLowerSnakeCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { fieldsOf } from '../../protobuf-places.ts';

export const fieldLowerSnakeCase: ProtobufRule = {
  id: 'FIELD_LOWER_SNAKE_CASE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'Fields are lower_snake_case.',
  check: ({ file }) =>
    fieldsOf(file)
      .filter(({ piece: { name } }) => !isLowerSnakeCase(name))
      .map(({ piece: { name }, path }) => ({
        path,
        message: `the field ${name} is not lower_snake_case, as ${toLowerSnakeCase(name)} is`,
      })),
};
