import { textsOf } from '../../../outline/avro-definition.ts';
import type { Subschema } from '../../../outline/json-schema-text.ts';
import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonNewPropertyOptional: JsonSchemaRule = {
  id: 'JSON_NEW_PROPERTY_OPTIONAL',
  format: 'JSON',
  severity: 'warning',
  summary: 'A property that the version before did not have is optional or has a default.',
  check: (schemas, previous = []) => {
    const before = new Map(previous.map((schema) => [schema.path, schema]));
    const now = new Map(schemas.map((schema) => [schema.path, schema]));
    return schemas.flatMap(({ keyword, step, path, json }) => {
      if (keyword !== 'properties' || before.has(path)) return [];
      const holder = path.slice(0, path.lastIndexOf('/properties/'));
      if (!before.has(holder) || !requires(now.get(holder), step)) return [];
      if (typeof json !== 'boolean' && Object.hasOwn(json, 'default')) return [];
      return [{ path, message: `the property ${step} is new and required: older data does not have it` }];
    });
  },
};

function requires(holder: Subschema | undefined, name: string): boolean {
  return typeof holder?.json === 'object' && textsOf(holder.json['required']).includes(name);
}
