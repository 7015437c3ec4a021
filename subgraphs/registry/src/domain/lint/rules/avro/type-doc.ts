import type { AvroRule } from '../../lint-rule.ts';

export const avroTypeDoc: AvroRule = {
  id: 'AVRO_TYPE_DOC',
  format: 'AVRO',
  severity: 'warning',
  summary: 'Records and enums say by `doc` what they are.',
  check: ({ definitions }) =>
    definitions
      .filter(({ kind, json: { doc } }) => kind !== 'fixed' && (typeof doc !== 'string' || doc.trim() === ''))
      .map(({ kind, name, path }) => ({ path, message: `the ${kind} ${name} has no doc` })),
};
