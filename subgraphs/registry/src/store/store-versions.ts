import { invariant } from '@spine/kernel/invariant';
import { type Kysely, sql } from 'kysely';
import type { RegistryTables } from './registry-tables.ts';
import { asStored, type StoreOutcome, type StoreRequest, toRows } from './store-version.ts';

/** What one of many versions needs to be stored beside others. An import that brings its own id is stored alone. */
export type SharedStoreRequest = StoreRequest & { readonly forcedId: undefined };

interface Row {
  readonly place: number;
  readonly outcome: string;
  readonly schema_id: number;
  readonly guid: string;
  readonly published_at: Date;
  readonly token: string;
}

/**
 * Stores versions of different subjects in one statement and one commit, each as `storeVersion` would alone. A subject that
 * another publisher holds right now is stale, as one that was changed. An error has stored none of them.
 */
export async function storeVersions(
  db: Kysely<RegistryTables>,
  requests: readonly SharedStoreRequest[],
): Promise<readonly StoreOutcome[]> {
  const texts = requests.map(({ judged }) => judged.source.text);
  const { rows } = await sql<Row>`
    select place, outcome, schema_id, guid, published_at, token
    from publish_versions(${JSON.stringify(sideBySide(requests))}::jsonb, ${texts}::text[])`.execute(db);
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  return requests.map(({ judged }, index) => {
    const row = byPlace.get(index + 1);
    invariant(row !== undefined, 'publish_versions answers for every version');
    if (row.outcome !== 'stored') return { kind: 'stale' };
    return { kind: 'stored', version: asStored(judged, row), token: row.token };
  });
}

/** The rows table by table, so that a step of the function only looks at its own. Places count from 1, as arrays of SQL do. */
function sideBySide(requests: readonly SharedStoreRequest[]) {
  const rows = requests.map(toRows);
  return {
    stream: requests[0]?.stream,
    subjects: rows.map(({ version, token }, index) => ({ place: index + 1, name: version.subject, token })),
    contents: rows.map(({ content }) => content),
    versions: rows.map(({ version }) => version),
    events: rows.map(({ event }) => event),
    settings: rows.flatMap(({ subject: row }, index) =>
      row === undefined ? [] : [{ place: index + 1, row }],
    ),
    keys: rows.flatMap(({ key: row }, index) => (row === undefined ? [] : [{ place: index + 1, row }])),
  };
}
