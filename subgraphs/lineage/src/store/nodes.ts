import { Problem } from '@spine/kernel/problem';
import { sql } from 'kysely';
import { isUuid, type NodeKind } from '../domain/entity-ids.ts';
import { groupRows } from './group-rows.ts';
import type { Db } from './lineage-tables.ts';

/** A dataset or job that some event named. */
export interface StoredNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly namespace: string;
  readonly name: string;
}

/** Whose datasets are listed. */
export interface DatasetsOf {
  readonly of: 'run' | 'job';
  readonly direction: 'input' | 'output';
}

/** Where a page of nodes begins: behind the node with these values. */
export interface NodePosition {
  readonly namespace: string;
  readonly name: string;
  readonly id: string;
}

const columns = ['node.node_id as id', 'node.kind', 'node.namespace', 'node.name'] as const;
const byNamespace = sql`left(node.namespace, 256) collate "C"`;
const byName = sql`left(node.name, 256) collate "C"`;

/** The nodes of these ids that are known, in no order. */
export async function findNodes(db: Db, ids: readonly string[]): Promise<readonly StoredNode[]> {
  if (ids.length === 0) return [];
  return await db
    .selectFrom('node')
    .select(columns)
    .where(sql<boolean>`node_id = any(${ids}::uuid[])`)
    .execute();
}

/** The values that order a list of nodes. */
export function nodeKeyset({ namespace, name, id }: StoredNode): readonly string[] {
  // As left(…, 256) of the index: characters, not UTF-16 units.
  const beginning = (text: string): string => [...text.slice(0, 512)].slice(0, 256).join('');
  return [beginning(namespace), beginning(name), id];
}

/** Reads what `nodeKeyset` wrote. Throws CURSOR_INVALID. */
export function nodePosition([namespace, name, id]: readonly string[]): NodePosition {
  if (namespace !== undefined && name !== undefined && id !== undefined) {
    if (isUuid(id) && !`${namespace}${name}`.includes('\u0000')) return { namespace, name, id };
  }
  throw new Problem('CURSOR_INVALID', 'the cursor is not one that this list gave out');
}

/** Up to `limit` datasets or jobs by namespace and name, behind `after`. */
export async function listNodes(
  db: Db,
  kind: NodeKind,
  limit: number,
  after: NodePosition | null,
): Promise<readonly StoredNode[]> {
  return await db
    .selectFrom('node')
    .select(columns)
    .where('node.kind', '=', kind)
    .where(behind(after))
    .orderBy(byNamespace)
    .orderBy(byName)
    .orderBy('node.node_id')
    .limit(limit)
    .execute();
}

/** Up to `limit` datasets that each of these runs or jobs has read or written, by namespace and name, behind `after`. */
export async function listDatasetsOf(
  db: Db,
  { of, direction }: DatasetsOf,
  ids: readonly string[],
  limit: number,
  after: NodePosition | null,
): Promise<ReadonlyMap<string, readonly StoredNode[]>> {
  const link = of === 'run' ? linkOfRun(direction) : linkOfJob(direction);
  const { rows } = await sql<StoredNode & { readonly owner: string }>`
    select owner.id as owner, found.id, found.kind, found.namespace, found.name
    from unnest(${ids}::uuid[]) as owner (id)
    cross join lateral (
      select node.node_id as id, node.kind, node.namespace, node.name
      from ${link}
      where ${behind(after)}
      order by ${byNamespace}, ${byName}, node.node_id
      limit ${limit}
    ) as found
    order by owner.id, left(found.namespace, 256) collate "C", left(found.name, 256) collate "C", found.id`.execute(
    db,
  );
  return groupRows(rows, ({ owner }) => owner);
}

function linkOfRun(direction: DatasetsOf['direction']) {
  return sql`run_dataset join node on node.node_id = run_dataset.dataset_id
    and run_dataset.run_id = owner.id and run_dataset.direction = ${direction}`;
}

function linkOfJob(direction: DatasetsOf['direction']) {
  return direction === 'input'
    ? sql`edge join node on node.node_id = edge.from_id and edge.to_id = owner.id`
    : sql`edge join node on node.node_id = edge.to_id and edge.from_id = owner.id`;
}

function behind(after: NodePosition | null) {
  if (after === null) return sql<boolean>`true`;
  const { namespace, name, id } = after;
  return sql<boolean>`(${byNamespace}, ${byName}, node.node_id) > (${namespace}::text, ${name}::text, ${id}::uuid)`;
}
