import type { AvroRule } from '../../lint-rule.ts';

export const avroEnumDefault: AvroRule = {
  id: 'AVRO_ENUM_DEFAULT',
  format: 'AVRO',
  severity: 'warning',
  summary: 'An enum has a default, which readers take for symbols that come later.',
  check: ({ definitions }) =>
    definitions
      .filter(({ kind, json }) => kind === 'enum' && !Object.hasOwn(json, 'default'))
      .map(({ name, path }) => ({
        path,
        message: `the enum ${name} has no default: no symbol can be added without breaking its readers`,
      })),
};
