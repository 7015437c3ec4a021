import { simpleName } from '../../../avro/named-type.ts';
import { pointer } from '../../../json.ts';
import { isPascalCase, toPascalCase } from '../../letter-case.ts';
import type { AvroRule } from '../../lint-rule.ts';

export const avroTypePascalCase: AvroRule = {
  id: 'AVRO_TYPE_PASCAL_CASE',
  format: 'AVRO',
  severity: 'warning',
  summary: 'Records, enums and fixed types are PascalCase.',
  check: ({ definitions }) =>
    definitions.flatMap(({ kind, name, path }) => {
      const simple = simpleName(name);
      if (isPascalCase(simple)) return [];
      const message = `the ${kind} ${simple} is not PascalCase, as ${toPascalCase(simple)} is`;
      return [{ path: pointer(path, 'name'), message }];
    }),
};
