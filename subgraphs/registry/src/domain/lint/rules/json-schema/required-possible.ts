import { isRecord, pointer } from '../../../json.ts';
import { textsOf } from '../../../outline/avro-definition.ts';
import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonRequiredPossible: JsonSchemaRule = {
  id: 'JSON_REQUIRED_POSSIBLE',
  format: 'JSON',
  severity: 'error',
  summary: 'No property is required and forbidden at once.',
  check: (schemas) =>
    schemas.flatMap(({ path, json }) => {
      if (typeof json === 'boolean') return [];
      const { properties, patternProperties, additionalProperties, required } = json;
      const isForbidden = (name: string): boolean => {
        if (isRecord(properties) && Object.hasOwn(properties, name)) return properties[name] === false;
        return additionalProperties === false && patternProperties === undefined;
      };
      return textsOf(required)
        .filter(isForbidden)
        .map((name) => ({
          path: pointer(path, 'required'),
          message: `${name} is required and forbidden: no object can be valid`,
        }));
    }),
};
