import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonTitleStated: JsonSchemaRule = {
  id: 'JSON_TITLE_STATED',
  format: 'JSON',
  severity: 'warning',
  summary: 'The schema has a `title`, which generators take for the name of its type.',
  check: ([root]) => {
    if (root === undefined || typeof root.json === 'boolean') return [];
    const { json } = root;
    return typeof json['title'] === 'string' && json['title'].trim() !== ''
      ? []
      : [{ path: '', message: 'the schema has no title' }];
  },
};
