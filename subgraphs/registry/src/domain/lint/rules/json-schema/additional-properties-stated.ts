import { pointer } from '../../../json.ts';
import type { Complaint, JsonSchemaRule } from '../../lint-rule.ts';

const speaking = ['additionalProperties', 'unevaluatedProperties', 'patternProperties', '$ref', 'allOf'];

export const jsonAdditionalPropertiesStated: JsonSchemaRule = {
  id: 'JSON_ADDITIONAL_PROPERTIES_STATED',
  format: 'JSON',
  severity: 'warning',
  summary:
    'A schema with properties says whether an object may have others, since that decides what may be added later.',
  check: (schemas) =>
    schemas.flatMap(({ path, json }): Complaint[] => {
      if (typeof json === 'boolean' || !Object.hasOwn(json, 'properties')) return [];
      if (speaking.some((keyword) => Object.hasOwn(json, keyword))) return [];
      const edit = { kind: 'SET', path: pointer(path, 'additionalProperties'), value: true } as const;
      return [
        {
          path,
          message: 'nothing is said about further properties, so any are allowed',
          fix: { summary: 'say that further properties are allowed, as they are', edits: [edit] },
        },
      ];
    }),
};
