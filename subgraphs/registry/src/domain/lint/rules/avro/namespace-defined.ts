import type { AvroRule } from '../../lint-rule.ts';

export const avroNamespaceDefined: AvroRule = {
  id: 'AVRO_NAMESPACE_DEFINED',
  format: 'AVRO',
  severity: 'warning',
  summary: 'The outermost named type has a namespace.',
  check: ({ definitions: [first] }) => {
    if (first === undefined || first.name.includes('.')) return [];
    return [
      { path: first.path, message: `${first.name} has no namespace: another team may use the same name` },
    ];
  },
};
