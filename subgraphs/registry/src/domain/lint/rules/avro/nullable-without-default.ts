import { pointer } from '../../../json.ts';
import type { AvroRule, Complaint } from '../../lint-rule.ts';

export const avroNullableWithoutDefault: AvroRule = {
  id: 'AVRO_NULLABLE_WITHOUT_DEFAULT',
  format: 'AVRO',
  severity: 'warning',
  summary: 'A field that may be null has a default, so that readers get on without it.',
  check: ({ definitions }) =>
    definitions.flatMap(({ fields }) =>
      fields.flatMap(({ name, path, json }): Complaint[] => {
        const { type } = json;
        if (!Array.isArray(type) || !type.includes('null') || Object.hasOwn(json, 'default')) return [];
        const message = `the field ${name} may be null and has no default`;
        // Readers before Avro 1.12 take a default for one of the first branch.
        if (type[0] !== 'null')
          return [{ path, message: `${message}; null has to be the first branch for one` }];
        const edit = { kind: 'SET', path: pointer(path, 'default'), value: null } as const;
        return [{ path, message, fix: { summary: `give ${name} the default null`, edits: [edit] } }];
      }),
    ),
};
