import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonIdStated: JsonSchemaRule = {
  id: 'JSON_ID_STATED',
  format: 'JSON',
  severity: 'warning',
  summary: 'The schema has a `$id` by which others refer to it.',
  check: ([root]) => {
    if (root === undefined || typeof root.json === 'boolean') return [];
    const { json } = root;
    return typeof json['$id'] === 'string' || typeof json['id'] === 'string'
      ? []
      : [{ path: '', message: 'the schema has no $id: others cannot refer to it' }];
  },
};
