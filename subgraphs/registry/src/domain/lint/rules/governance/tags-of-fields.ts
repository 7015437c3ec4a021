import type { GovernanceRule } from '../../lint-rule.ts';

export const tagsOfFields: GovernanceRule = {
  id: 'TAGS_OF_FIELDS',
  format: 'ANY',
  severity: 'warning',
  summary: 'Tags are given to fields that the schema has.',
  check: ({ schema: { fields }, stewardship }) => {
    const paths = new Set(fields.map(({ path }) => path));
    return Object.keys(stewardship?.tags ?? {})
      .filter((path) => !paths.has(path))
      .map((path) => ({ path: '', message: `tags are given to ${path}, which the schema does not have` }));
  },
};
