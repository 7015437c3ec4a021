import type { AvroRule } from '../../lint-rule.ts';

export const avroNewFieldDefault: AvroRule = {
  id: 'AVRO_NEW_FIELD_DEFAULT',
  format: 'AVRO',
  severity: 'warning',
  summary: 'A field that the version before did not have has a default.',
  check: ({ definitions }, previous) => {
    const old = new Map((previous?.definitions ?? []).map((definition) => [definition.name, definition]));
    return definitions.flatMap(({ name: record, fields }) => {
      const before = old.get(record);
      if (before === undefined) return [];
      const known = new Set(before.fields.map(({ name }) => name));
      return fields
        .filter(({ name, json }) => {
          const { aliases = [] } = json;
          const isRenamed = Array.isArray(aliases) && aliases.some((alias) => known.has(String(alias)));
          return !known.has(name) && !isRenamed && !Object.hasOwn(json, 'default');
        })
        .map(({ name, path }) => ({
          path,
          message: `the field ${name} is new and has no default: readers cannot read what was written before`,
        }));
    });
  },
};
