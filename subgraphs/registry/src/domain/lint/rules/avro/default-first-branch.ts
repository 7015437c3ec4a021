import { isRecord, pointer } from '../../../json.ts';
import type { AvroFieldText, AvroText } from '../../../outline/avro-definition.ts';
import { avroTypeText } from '../../../outline/avro-definition.ts';
import type { AvroRule } from '../../lint-rule.ts';

export const avroDefaultFirstBranch: AvroRule = {
  id: 'AVRO_DEFAULT_FIRST_BRANCH',
  format: 'AVRO',
  severity: 'warning',
  summary: 'The default of a union is one of its first branch, which all versions of Avro demand or take.',
  check: (schema) =>
    schema.definitions.flatMap(({ fields }) =>
      fields
        .filter((field) => !fitsFirstBranch(schema, field))
        .map(({ name, path }) => ({
          path: pointer(path, 'default'),
          message: `the default of ${name} is not of the first branch: readers before Avro 1.12 refuse the schema`,
        })),
    ),
};

function fitsFirstBranch({ definitions }: AvroText, { json, namespace }: AvroFieldText): boolean {
  const { type, default: value } = json;
  if (!Array.isArray(type) || !Object.hasOwn(json, 'default')) return true;
  const first: unknown = type[0];
  const word = avroTypeText(first, namespace, (name) => definitions.some((each) => each.name === name));
  const kind = definitions.find(({ name }) => name === word)?.kind ?? word.replace(/[< ].*$/, '');
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
