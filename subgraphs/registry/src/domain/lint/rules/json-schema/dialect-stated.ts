import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonDialectStated: JsonSchemaRule = {
  id: 'JSON_DIALECT_STATED',
  format: 'JSON',
  severity: 'warning',
  summary: 'The schema says by `$schema` which draft it is written in.',
  check: ([root]) => {
    if (root === undefined || typeof root.json === 'boolean') return [];
    const { json } = root;
    return typeof json['$schema'] === 'string'
      ? []
      : [{ path: '', message: 'the schema names no draft: validators take the one that they like' }];
  },
};
