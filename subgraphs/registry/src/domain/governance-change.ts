import { type DataClass, dataClasses } from '@spine/kernel/data-class';
import { retentionSeconds } from './retention.ts';
import { type Bump, greaterBump } from './semver.ts';

/** Labels of fields by path, each list sorted and without repeats. */
export type FieldTags = Readonly<Record<string, readonly string[]>>;

/** What a version says about its data beside its shape. */
export interface Governance {
  readonly tags: FieldTags;
  /** Undefined where nobody has said. */
  readonly dataClass?: DataClass | undefined;
  /** How long the data may be kept, an ISO 8601 duration; undefined where nobody has said. */
  readonly retention?: string | undefined;
}

export const governanceChangeKinds = [
  'TAG_ADDED',
  'TAG_REMOVED',
  'DATA_CLASS_CHANGED',
  'RETENTION_CHANGED',
] as const;

/** One difference between what two versions say about their data. */
export interface GovernanceChange {
  readonly kind: (typeof governanceChangeKinds)[number];
  /** The field of a tag; '' for what concerns the whole version. */
  readonly fieldPath: string;
  readonly before?: string;
  readonly after?: string;
  readonly bump: Bump;
}

/** The bump that a change of labels demands; undefined if nothing changed. */
export function governanceBump(
  before: Governance,
  after: Governance,
  hasField: (path: string) => boolean,
): Bump | undefined {
  return diffGovernance(before, after, hasField).reduce<Bump | undefined>(
    (bump, change) => greaterBump(bump, change.bump),
    undefined,
  );
}

/**
 * What changed about the data, by field. Whoever handles the data relies on being told at least as much as before: a
 * personal-data tag dropped from a field that stays, a milder data class or a longer retention is MAJOR; a tag added, a
 * stricter class or a shorter retention MINOR; another tag dropped PATCH.
 */
export function diffGovernance(
  before: Governance,
  after: Governance,
  hasField: (path: string) => boolean,
): readonly GovernanceChange[] {
  const changes: GovernanceChange[] = [];
  const paths = new Set([...Object.keys(before.tags), ...Object.keys(after.tags)]);
  for (const fieldPath of [...paths].sort()) {
    const old = tagsAt(before.tags, fieldPath);
    const now = tagsAt(after.tags, fieldPath);
    for (const tag of now) {
      if (!old.includes(tag)) changes.push({ kind: 'TAG_ADDED', fieldPath, after: tag, bump: 'MINOR' });
    }
    // The tags of a field that is gone went with it.
    if (!hasField(fieldPath)) continue;
    for (const tag of old) {
      if (now.includes(tag)) continue;
      changes.push({
        kind: 'TAG_REMOVED',
        fieldPath,
        before: tag,
        bump: isPersonal(tag) ? 'MAJOR' : 'PATCH',
      });
    }
  }
  changes.push(...settingChange('DATA_CLASS_CHANGED', before.dataClass, after.dataClass, classBump));
  changes.push(...settingChange('RETENTION_CHANGED', before.retention, after.retention, retentionBump));
  return changes;
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

/** Whether a tag says personal data: `pii` and its kinds, such as `pii:email`. */
export function isPersonal(tag: string): boolean {
  return /^pii([.:_-]|$)/i.test(tag);
}

function settingChange<T extends string>(
  kind: GovernanceChange['kind'],
  before: T | undefined,
  after: T | undefined,
  bumpOf: (before: T, after: T) => Bump | undefined,
): readonly GovernanceChange[] {
  if (before === undefined) return after === undefined ? [] : [{ kind, fieldPath: '', after, bump: 'MINOR' }];
  if (after === undefined) return [{ kind, fieldPath: '', before, bump: 'MAJOR' }];
  const bump = bumpOf(before, after);
  return bump === undefined ? [] : [{ kind, fieldPath: '', before, after, bump }];
}

function classBump(before: DataClass, after: DataClass): Bump | undefined {
  if (before === after) return undefined;
  return dataClasses.indexOf(after) < dataClasses.indexOf(before) ? 'MAJOR' : 'MINOR';
}

/** Lengths are compared, not texts: P1Y and P12M say the same. */
function retentionBump(before: string, after: string): Bump | undefined {
  const difference = (retentionSeconds(after) ?? 0) - (retentionSeconds(before) ?? 0);
  if (difference === 0) return undefined;
  return difference > 0 ? 'MAJOR' : 'MINOR';
}
