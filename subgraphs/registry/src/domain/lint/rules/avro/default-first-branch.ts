import { isRecord, pointer } from '../../../json.ts';
import { type AvroFieldText, avroTypeText } from '../../../outline/avro-definition.ts';
import type { AvroRule } from '../../lint-rule.ts';

export const avroDefaultFirstBranch: AvroRule = {
  id: 'AVRO_DEFAULT_FIRST_BRANCH',
  format: 'AVRO',
  severity: 'warning',
  summary: 'The default of a union is one of its first branch, which all versions of Avro demand or take.',
  check: ({ definitions }) => {
    const kinds = new Map<string, string>(definitions.map(({ name, kind }) => [name, kind]));
    return definitions.flatMap(({ fields }) =>
      fields
        .filter((field) => !fitsFirstBranch(kinds, field))
        .map(({ name, path }) => ({
          path: pointer(path, 'default'),
          message: `the default of ${name} is not of the first branch: readers before Avro 1.12 refuse the schema`,
        })),
    );
  },
};

function fitsFirstBranch(kinds: ReadonlyMap<string, string>, field: AvroFieldText): boolean {
  const { type, default: value } = field.json;
  if (!Array.isArray(type) || !Object.hasOwn(field.json, 'default')) return true;
  const word = avroTypeText(type[0], field.namespace, (name) => kinds.has(name));
  const kind = kinds.get(word) ?? word.replace(/[< ].*$/, '');
  switch (kind) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'array':
      return Array.isArray(value);
    case 'map':
    case 'record':
      return isRecord(value);
    case 'string':
    case 'bytes':
    case 'enum':
    case 'fixed':
      return typeof value === 'string';
    default:
      // Of a type from a reference, which the text does not tell.
      return true;
  }
}
