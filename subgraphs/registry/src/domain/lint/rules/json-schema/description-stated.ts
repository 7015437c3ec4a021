import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonDescriptionStated: JsonSchemaRule = {
  id: 'JSON_DESCRIPTION_STATED',
  format: 'JSON',
  severity: 'warning',
  summary: 'The schema says by `description` what it is.',
  check: ([root]) => {
    if (root === undefined || typeof root.json === 'boolean') return [];
    const { json } = root;
    return typeof json['description'] === 'string' && json['description'].trim() !== ''
      ? []
      : [{ path: '', message: 'the schema has no description' }];
  },
};
