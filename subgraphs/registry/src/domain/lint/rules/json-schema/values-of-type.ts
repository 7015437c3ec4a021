import { isRecord, pointer } from '../../../json.ts';
import { textsOf } from '../../../outline/avro-definition.ts';
import type { Complaint, JsonSchemaRule } from '../../lint-rule.ts';

export const jsonValuesOfType: JsonSchemaRule = {
  id: 'JSON_VALUES_OF_TYPE',
  format: 'JSON',
  severity: 'warning',
  summary: 'The values of `enum`, `const` and `default` are of the type that stands beside them.',
  check: (schemas) =>
    schemas.flatMap(({ path, json }): Complaint[] => {
      if (typeof json === 'boolean') return [];
      const types = typeof json['type'] === 'string' ? [json['type']] : textsOf(json['type']);
      if (types.length === 0) return [];
      const { enum: symbols } = json;
      const at = pointer(path, 'enum');
      const values: readonly { readonly path: string; readonly value: unknown }[] = [
        ...['const', 'default']
          .filter((keyword) => Object.hasOwn(json, keyword))
          .map((keyword) => ({ path: pointer(path, keyword), value: json[keyword] })),
        ...(Array.isArray(symbols)
          ? symbols.map((value: unknown, index) => ({ path: pointer(at, index), value }))
          : []),
      ];
      return values
        .filter(({ value }) => !types.some((type) => isOfType(value, type)))
        .map(({ path: place, value }) => ({
          path: place,
          message: `${JSON.stringify(value).slice(0, 60)} is not of type ${types.join(' or ')}`,
        }));
    }),
};

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
