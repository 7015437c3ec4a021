import { pointer } from '../../../json.ts';
import { isCamelCase, isLowerSnakeCase, toLowerSnakeCase } from '../../letter-case.ts';
import type { AvroRule } from '../../lint-rule.ts';

export const avroFieldNameCase: AvroRule = {
  id: 'AVRO_FIELD_NAME_CASE',
  format: 'AVRO',
  severity: 'warning',
  summary: 'Fields are lower_snake_case or camelCase.',
  check: ({ definitions }) =>
    definitions
      .flatMap(({ fields }) => fields)
      .filter(({ name }) => !isLowerSnakeCase(name) && !isCamelCase(name))
      .map(({ name, path }) => ({
        path: pointer(path, 'name'),
        message: `the field ${name} is neither lower_snake_case nor camelCase, as ${toLowerSnakeCase(name)} is`,
      })),
};
