import { isDataClass } from '@spine/kernel/data-class';
import { Problem } from '@spine/kernel/problem';
import type { DatasetName } from '@spine/kernel/table-ref';
import { type FieldTags, tagsAt } from '../domain/governance-change.ts';
import { unionTags } from '../domain/inventory-demand.ts';
import type { SchemaField } from '../domain/schema-field.ts';
import { latestVersions } from '../store/versions.ts';
import { publishInScope } from './publish-in-scope.ts';
import type { PublishOutcome } from './publish-schema.ts';
import type { RegistryDeps } from './registry-deps.ts';

/** What a route asks for before it moves a table. Tags are by column, in the words of the source. */
export interface ContractRequest {
  readonly subject: string;
  readonly dataset: DatasetName;
  readonly schema: string;
  readonly owner: string;
  readonly route: string;
  readonly tags: FieldTags;
  /** A word that names no data class is kept out of the record: unknown is denied elsewhere. */
  readonly dataClass: string;
}

/** Binds a table's shape to its subject: found where it is known, published where it is new and breaks nothing. */
export async function bindContract(
  deps: RegistryDeps,
  request: ContractRequest,
  publishedBy: string,
): Promise<PublishOutcome> {
  const { subject, dataset, schema: text, owner, dataClass } = request;
  const [latest] = await latestVersions(deps.database.kysely, [subject]);
  const { fields } = deps.schemas.parse({ type: 'AVRO', text });
  return await publishInScope(deps, {
    subject,
    type: 'AVRO',
    text,
    // What a steward said of a field is not unsaid by an inventory that does not say it.
    tags: unionTags(keptTags(fields, latest?.tags ?? {}), tagsByPath(fields, request.tags)),
    dataClass: isDataClass(dataClass) ? dataClass : undefined,
    owner,
    dataset,
    publishedBy,
    mayChangeLevel: false,
  });
}

/** The tags of a version in the words of the source, as a route knows its columns. */
export function tagsBySource(fields: readonly SchemaField[], tags: FieldTags): FieldTags {
  return Object.fromEntries(
    fields.flatMap(({ path, sourcePath }) => {
      const found = tagsAt(tags, path);
      return found.length === 0 ? [] : [[sourcePath, found]];
    }),
  );
}

/** Those on fields that are still there. */
function keptTags(fields: readonly SchemaField[], tags: FieldTags): FieldTags {
  const paths = new Set(fields.map(({ path }) => path));
  return Object.fromEntries(Object.entries(tags).filter(([path]) => paths.has(path)));
}

/**
 * The tags by the paths of the schema. A tag on something inside a column that the schema does not open, such as a key of
 * a JSON document, falls on the column: a label is never lost.
 */
function tagsByPath(fields: readonly SchemaField[], tags: FieldTags): FieldTags {
  // The words of the source win: one column's name may be the name that another one's field was given.
  const bySource = new Map([
    ...fields.map(({ path }) => [path, path] as const),
    ...fields.map(({ path, sourcePath }) => [sourcePath, path] as const),
  ]);
  const found = new Map<string, string[]>();
  for (const [asked, labels] of Object.entries(tags)) {
    const path = nearestField(bySource, asked);
    if (path === undefined) {
      throw new Problem('INPUT_INVALID', `the schema has no field ${asked} to carry tags`, {
        fix: 'send tags of columns that the schema has',
        path: '/tags',
      });
    }
    found.set(path, [...(found.get(path) ?? []), ...labels]);
  }
  return Object.fromEntries(found);
}

function nearestField(bySource: ReadonlyMap<string, string>, asked: string): string | undefined {
  for (let path = asked; ; path = path.slice(0, path.lastIndexOf('.'))) {
    const field = bySource.get(path);
    if (field !== undefined) return field;
    if (!path.includes('.')) return undefined;
  }
}
