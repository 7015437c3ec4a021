import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonPropertyDescription: JsonSchemaRule = {
  id: 'JSON_PROPERTY_DESCRIPTION',
  format: 'JSON',
  severity: 'warning',
  summary:
    'Properties say by `description` what they hold; one that refers to a definition leaves it to that.',
  check: (schemas) =>
    schemas.flatMap(({ keyword, step, path, json }) => {
      if (keyword !== 'properties' || typeof json === 'boolean' || typeof json['$ref'] === 'string')
        return [];
      const { description } = json;
      if (typeof description === 'string' && description.trim() !== '') return [];
      return [{ path, message: `the property ${step} has no description` }];
    }),
};
