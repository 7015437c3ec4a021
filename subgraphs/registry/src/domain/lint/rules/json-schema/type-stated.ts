import type { JsonSchemaRule } from '../../lint-rule.ts';

const typing = '$ref $dynamicRef type const enum allOf anyOf oneOf not if'.split(' ');

export const jsonTypeStated: JsonSchemaRule = {
  id: 'JSON_TYPE_STATED',
  format: 'JSON',
  severity: 'warning',
  summary: 'A property says of what type it is, by `type` or by what implies one.',
  check: (schemas) =>
    schemas.flatMap(({ keyword, step, path, json }) => {
      if (keyword !== 'properties' || typeof json === 'boolean') return [];
      if (typing.some((word) => Object.hasOwn(json, word))) return [];
      return [{ path, message: `the property ${step} may be of any type` }];
    }),
};
