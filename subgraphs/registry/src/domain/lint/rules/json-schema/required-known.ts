import { isRecord, pointer } from '../../../json.ts';
import { textsOf } from '../../../outline/avro-definition.ts';
import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonRequiredKnown: JsonSchemaRule = {
  id: 'JSON_REQUIRED_KNOWN',
  format: 'JSON',
  severity: 'warning',
  summary: 'What is required is among the properties of the same schema.',
  check: (schemas) =>
    schemas.flatMap(({ path, json }) => {
      if (typeof json === 'boolean' || !isRecord(json['properties'])) return [];
      const { properties } = json;
      return textsOf(json['required'])
        .filter((name) => !Object.hasOwn(properties, name))
        .map((name) => ({
          path: pointer(path, 'required'),
          message: `${name} is required and no property of that name is described`,
        }));
    }),
};
