import type { AvroRule } from '../../lint-rule.ts';

export const avroFieldDoc: AvroRule = {
  id: 'AVRO_FIELD_DOC',
  format: 'AVRO',
  severity: 'warning',
  summary: 'Fields say by `doc` what they hold.',
  check: ({ definitions }) =>
    definitions
      .flatMap(({ fields }) => fields)
      .filter(({ json: { doc } }) => typeof doc !== 'string' || doc.trim() === '')
      .map(({ name, path }) => ({ path, message: `the field ${name} has no doc` })),
};
