import { tagsAt } from '../../../governance-change.ts';
import { createFieldParts, inlineTagsOf, lastName } from '../../field-part.ts';
import type { GovernanceRule } from '../../lint-rule.ts';
import { personalTagFor } from '../../personal-word.ts';

export const personalDataTagged: GovernanceRule = {
  id: 'PERSONAL_DATA_TAGGED',
  format: 'ANY',
  severity: 'warning',
  summary: 'A field whose name says personal data bears a tag. Any tag shows that somebody looked.',
  check: ({ schema: { fields }, stewardship, source: { metadata } }, outline) => {
    const partOf = createFieldParts(outline);
    const holders = new Set(fields.map(({ path }) => holderOf(path)));
    return fields.flatMap(({ path, type, sourcePath }) => {
      const name = lastName(path);
      const tag = personalTagFor(name) ?? personalTagFor(lastName(sourcePath));
      // A flag tells nothing about a person; a record is told by the fields inside it.
      if (tag === undefined || /^bool(ean)?\b/.test(type) || holders.has(path)) return [];
      const part = partOf(path);
      const tags = [...tagsAt(stewardship?.tags ?? {}, path), ...inlineTagsOf(part, name, metadata)];
      if (tags.length > 0) return [];
      const message = `${path} looks like personal data and bears no tag; ${tag} would say so`;
      return [{ path: part?.path ?? '', message }];
    });
  },
};

/** The field around a field: `lines` of `lines[].sku`. */
function holderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('.'), 0)).replace(/(\[\]|\{\})+$/, '');
}
