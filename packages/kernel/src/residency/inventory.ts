import { type DataClass, dataClasses } from '../data-class.ts';
import { compileGlob, type DatasetGlob } from '../dataset-glob.ts';
import { memo } from './memo.ts';
import type { Classification } from './policy-document.ts';

/** What the inventory says of one dataset. */
export interface Classified {
  /** Null when no entry matches: unknown, and unknown is denied. */
  readonly dataClass: DataClass | null;
  /** Tags by field path. A field with an empty list was looked at and bears no tag. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** How long its data may be kept; undefined where nobody says. */
  readonly retention?: string | undefined;
}

export interface Inventory {
  classify(logicalName: string): Classified;
  /** Every tag and every field name that it knows. */
  readonly tags: ReadonlySet<string>;
  readonly fieldPaths: ReadonlySet<string>;
}

interface Entry {
  readonly glob: DatasetGlob;
  readonly entry: Classification;
}

const rememberedDatasets = 10_000;

/**
 * Compiles the classification. The most specific entry wins, for the class and for each field by itself; among equals the
 * stricter class does, so that the order of entries never matters.
 */
export function createInventory(classification: readonly Classification[]): Inventory {
  const exact = new Map<string, Entry>();
  const globs: Entry[] = [];
  for (const entry of classification) {
    const glob = compileGlob(entry.dataset);
    if (glob === undefined) continue;
    if (entry.dataset.includes('*')) globs.push({ glob, entry });
    else exact.set(entry.dataset, { glob, entry });
  }
  globs.sort(
    (a, b) =>
      b.glob.specificity - a.glob.specificity ||
      dataClasses.indexOf(b.entry.class) - dataClasses.indexOf(a.entry.class) ||
      (a.glob.pattern < b.glob.pattern ? -1 : 1),
  );
  const classify = memo(rememberedDatasets, (logicalName): Classified => {
    const named = exact.get(logicalName);
    const matching = [
      ...(named === undefined ? [] : [named]),
      ...globs.filter(({ glob }) => glob.matches(logicalName)),
    ];
    // From the widest entry to the narrowest: a later one replaces what an earlier said of the same field.
    const fields = Object.assign({}, ...matching.toReversed().map(({ entry }) => entry.fields ?? {}));
    const { retention } = matching.find(({ entry }) => entry.retention !== undefined)?.entry ?? {};
    return {
      dataClass: matching[0]?.entry.class ?? null,
      fields,
      ...(retention !== undefined && { retention }),
    };
  });
  const all = classification.flatMap((entry) => Object.entries(entry.fields ?? {}));
  return {
    classify,
    tags: new Set(all.flatMap(([, tags]) => tags)),
    fieldPaths: new Set(all.map(([path]) => path)),
  };
}
