import { isCamelCase, isLowerSnakeCase, toLowerSnakeCase } from '../../letter-case.ts';
import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonPropertyNameCase: JsonSchemaRule = {
  id: 'JSON_PROPERTY_NAME_CASE',
  format: 'JSON',
  severity: 'warning',
  summary: 'Properties are lower_snake_case or camelCase; names that begin with $ or @ are left alone.',
  check: (schemas) =>
    schemas
      .filter(({ keyword, step }) => keyword === 'properties' && !/^[$@]/.test(step))
      .filter(({ step }) => !isLowerSnakeCase(step) && !isCamelCase(step))
      .map(({ step, path }) => ({
        path,
        message: `the property ${step} is neither lower_snake_case nor camelCase, as ${toLowerSnakeCase(step)} is`,
      })),
};
