import { namespaceOf } from '../../../avro/avro-name.ts';
import { isLowerSnakeCase } from '../../letter-case.ts';
import type { AvroRule } from '../../lint-rule.ts';

export const avroNamespaceLowerCase: AvroRule = {
  id: 'AVRO_NAMESPACE_LOWER_CASE',
  format: 'AVRO',
  severity: 'warning',
  summary: 'The parts of a namespace are lower_snake_case.',
  check: ({ definitions }) => {
    const seen = new Set<string>();
    return definitions.flatMap(({ name, path }) => {
      const namespace = namespaceOf(name);
      // Told once: types inside take the namespace of the one around them.
      if (namespace === '' || seen.has(namespace)) return [];
      seen.add(namespace);
      if (namespace.split('.').every(isLowerSnakeCase)) return [];
      return [{ path, message: `the namespace ${namespace} is not lower_snake_case` }];
    });
  },
};
