import { type DataClass, dataClasses } from '@spine/kernel/data-class';
import { type Bump, greaterBump } from './semver.ts';

/** Labels of fields by path, each list sorted and without repeats. */
export type FieldTags = Readonly<Record<string, readonly string[]>>;

/** What a version says about its data beside its shape. */
export interface Governance {
  readonly tags: FieldTags;
  /** Undefined where nobody has said. */
  readonly dataClass?: DataClass | undefined;
}

/**
 * The bump that a change of labels demands: a personal-data tag dropped from a field that stays, or a milder data class,
 * is MAJOR; a tag added or a stricter class MINOR; another tag dropped PATCH; nothing changed, none.
 */
export function governanceBump(
  before: Governance,
  after: Governance,
  hasField: (path: string) => boolean,
): Bump | undefined {
  let bump = classBump(before.dataClass, after.dataClass);
  const paths = new Set([...Object.keys(before.tags), ...Object.keys(after.tags)]);
  for (const path of paths) {
    const old = tagsAt(before.tags, path);
    const now = tagsAt(after.tags, path);
    for (const tag of now) if (!old.includes(tag)) bump = greaterBump(bump, 'MINOR');
    // The tags of a field that is gone went with it.
    if (!hasField(path)) continue;
    for (const tag of old) {
      if (!now.includes(tag)) bump = greaterBump(bump, isPersonal(tag) ? 'MAJOR' : 'PATCH');
    }
  }
  return bump;
}

/** The tags of one field; none if nobody gave it any. */
export function tagsAt(tags: FieldTags, path: string): readonly string[] {
  return Object.hasOwn(tags, path) ? (tags[path] ?? []) : [];
}

/** Tags in one form: paths and labels sorted, repeats and empty lists gone. */
export function normaliseTags(tags: FieldTags): FieldTags {
  const entries = Object.entries(tags)
    .map(([path, labels]): [string, readonly string[]] => [path, [...new Set(labels)].sort()])
    .filter(([, labels]) => labels.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** `pii` and its kinds, such as `pii:email`. */
function isPersonal(tag: string): boolean {
  return /^pii([.:_-]|$)/i.test(tag);
}

function classBump(before: DataClass | undefined, after: DataClass | undefined): Bump | undefined {
  if (before === after) return undefined;
  if (before === undefined) return 'MINOR';
  if (after === undefined) return 'MAJOR';
  return dataClasses.indexOf(after) < dataClasses.indexOf(before) ? 'MAJOR' : 'MINOR';
}
