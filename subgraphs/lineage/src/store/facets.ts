import { sql } from 'kysely';
import type { Db } from './lineage-tables.ts';

/** The facets that stand, by key, of each of these datasets, jobs or runs; those without any are absent. */
export async function findFacets(
  db: Db,
  entityIds: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  if (entityIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('facet')
    .select(['entity_id', sql<unknown>`jsonb_object_agg(key, value)`.as('facets')])
    .where(sql<boolean>`entity_id = any(${entityIds}::uuid[])`)
    .where('value', 'is not', null)
    .groupBy('entity_id')
    .execute();
  return new Map(rows.map(({ entity_id, facets }) => [entity_id, asObject(facets)]));
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
