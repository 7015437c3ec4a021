import { type DataClass, dataClasses } from '@spine/kernel/data-class';
import { type FieldTags, type Governance, tagsAt } from './governance-change.ts';
import { retentionSeconds } from './retention.ts';
import type { SchemaField } from './schema-field.ts';

/** What the inventory knows of a dataset, and hence what the schema of its data has to say. */
export interface InventoryDemand {
  /** The mildest class that the schema may state. */
  readonly dataClass?: DataClass | undefined;
  /** By the name of the column or by the path of the field. */
  readonly tags: FieldTags;
  /** True demands any retention; a duration is the longest one allowed. */
  readonly retention?: boolean | string | undefined;
}

/** One thing that a schema has to say and does not. */
export interface Missing {
  readonly what: 'TAG' | 'DATA_CLASS' | 'RETENTION';
  /** The field that lacks a tag; '' for what concerns the whole version. */
  readonly fieldPath: string;
  readonly demanded: string;
  readonly found?: string;
  readonly message: string;
}

/** All that a schema lacks of what the inventory demands; empty if it lacks nothing. What it says beyond that is its own affair. */
export function meetsInventory(
  governance: Governance,
  fields: readonly SchemaField[],
  demand: InventoryDemand,
): readonly Missing[] {
  return [
    ...missingTags(governance.tags, fields, demand.tags),
    ...missingClass(governance.dataClass, demand.dataClass),
    ...missingRetention(governance.retention, demand.retention),
  ];
}

/** The labels of both: whoever says that a field is personal is believed. */
export function unionTags(a: FieldTags, b: FieldTags): FieldTags {
  const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    paths.map((path) => [path, [...new Set([...tagsAt(a, path), ...tagsAt(b, path)])].sort()]),
  );
}

function missingTags(
  tags: FieldTags,
  fields: readonly SchemaField[],
  demanded: FieldTags,
): readonly Missing[] {
  const missing: Missing[] = [];
  for (const { path, sourcePath } of fields) {
    const wanted = new Set([...tagsAt(demanded, path), ...tagsAt(demanded, sourcePath)]);
    const found = tagsAt(tags, path);
    for (const tag of [...wanted].sort()) {
      if (found.includes(tag)) continue;
      const message = `the inventory tags ${sourcePath} ${tag}, the schema does not`;
      missing.push({ what: 'TAG', fieldPath: path, demanded: tag, message });
    }
  }
  return missing;
}

function missingClass(found: DataClass | undefined, demanded: DataClass | undefined): readonly Missing[] {
  if (demanded === undefined) return [];
  if (found !== undefined && dataClasses.indexOf(found) >= dataClasses.indexOf(demanded)) return [];
  const told = found === undefined ? 'the schema states no class' : `the schema states ${found}`;
  return [
    {
      what: 'DATA_CLASS',
      fieldPath: '',
      demanded,
      ...(found !== undefined && { found }),
      message: `the inventory holds the data as ${demanded}, ${told}`,
    },
  ];
}

function missingRetention(
  found: string | undefined,
  demanded: boolean | string | undefined,
): readonly Missing[] {
  if (demanded === undefined || demanded === false) return [];
  const most = demanded === true ? undefined : demanded;
  if (found !== undefined) {
    const isShortEnough =
      most === undefined || (retentionSeconds(found) ?? Infinity) <= (retentionSeconds(most) ?? 0);
    if (isShortEnough) return [];
  }
  const wanted = most === undefined ? 'a retention' : `a retention of at most ${most}`;
  const told = found === undefined ? 'the schema states none' : `the schema states ${found}`;
  return [
    {
      what: 'RETENTION',
      fieldPath: '',
      demanded: most ?? 'any',
      ...(found !== undefined && { found }),
      message: `the inventory demands ${wanted}, ${told}`,
    },
  ];
}
