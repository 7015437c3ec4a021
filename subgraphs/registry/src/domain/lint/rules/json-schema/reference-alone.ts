import { pointer } from '../../../json.ts';
import type { JsonSchemaRule } from '../../lint-rule.ts';

const oldDrafts = /json-schema\.org\/draft-0[3-7]\//;
const harmless = new Set(
  '$ref $comment title description default examples $schema $id id definitions'.split(' '),
);

export const jsonReferenceAlone: JsonSchemaRule = {
  id: 'JSON_REFERENCE_ALONE',
  format: 'JSON',
  severity: 'warning',
  summary: 'Up to draft-07 nothing that validates stands beside a `$ref`, since it is ignored there.',
  check: (schemas) => {
    const root = schemas[0]?.json;
    const dialect = typeof root === 'object' ? root['$schema'] : undefined;
    if (typeof dialect !== 'string' || !oldDrafts.test(dialect)) return [];
    return schemas.flatMap(({ path, json }) => {
      if (typeof json === 'boolean' || typeof json['$ref'] !== 'string') return [];
      return Object.keys(json)
        .filter((keyword) => !harmless.has(keyword))
        .map((keyword) => ({
          path: pointer(path, keyword),
          message: `${keyword} stands beside a $ref and is ignored in this draft`,
        }));
    });
  },
};
