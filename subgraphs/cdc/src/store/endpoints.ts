import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { SinkEndpoint, SourceEndpoint } from '../domain/endpoint.ts';
import type { CdcTables } from './cdc-tables.ts';
import { watchShape } from './watched-endpoints.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

export const sourceSpecShape = z.object({
  name: z.string(),
  type: z.literal('postgres'),
  url: z.string(),
  region: z.string(),
  owner: z.string(),
  standbys: z.array(z.string()).optional(),
  tables: z.array(z.string()),
  namespace: z.string().optional(),
  ...watchShape,
});
const sinkTerms = {
  name: z.string(),
  region: z.string(),
  owner: z.string(),
  purpose: z.string(),
  retention: z.string(),
  iam: z.string(),
  namespace: z.string().optional(),
  ...watchShape,
};
const postgresSinkShape = z.object({ type: z.literal('postgres'), url: z.string(), ...sinkTerms });
const kafkaSinkShape = z.object({
  type: z.literal('kafka'),
  brokers: z.array(z.string()).min(1),
  topicPrefix: z.string(),
  topics: z
    .object({
      partitions: z.number().optional(),
      replicationFactor: z.number().optional(),
      cleanupPolicy: z.enum(['delete', 'compact']).optional(),
    })
    .optional(),
  tls: z.boolean().optional(),
  sasl: z
    .object({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: z.string(),
      password: z.string(),
    })
    .optional(),
  ...sinkTerms,
});
export const sinkSpecShape = z.discriminatedUnion('type', [postgresSinkShape, kafkaSinkShape]);
export type SourceSpec = z.infer<typeof sourceSpecShape>;
export type SinkSpec = z.infer<typeof sinkSpecShape>;

/** Stores an endpoint; its namespace stays the one of its first apply unless the spec names another. */
export async function putEndpoint(
  db: Db,
  kind: 'source' | 'sink',
  spec: { readonly name: string; readonly namespace?: string | undefined },
  place: { readonly namespace: string; readonly database: string },
): Promise<{ namespace: string; database: string }> {
  return await db
    .insertInto('endpoint')
    .values({ kind, name: spec.name, spec: JSON.stringify(spec), ...place })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'name']).doUpdateSet((eb) => ({
        spec: eb.ref('excluded.spec'),
        database: eb.ref('excluded.database'),
        updated_at: new Date(),
        ...(spec.namespace === undefined ? {} : { namespace: spec.namespace }),
      })),
    )
    .returning(['namespace', 'database'])
    .executeTakeFirstOrThrow();
}

/** One endpoint as it was applied, or undefined. */
export async function findEndpoint(db: Db, kind: 'source' | 'sink', name: string) {
  return await db
    .selectFrom('endpoint')
    .select(['spec', 'namespace', 'database'])
    .where('kind', '=', kind)
    .where('name', '=', name)
    .executeTakeFirst();
}

/** Forgets endpoints of a kind that are not named. */
export async function keepEndpoints(
  db: Db,
  kind: 'source' | 'sink',
  names: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('endpoint')
    .where('kind', '=', kind)
    .$if(names.length > 0, (query) => query.where('name', 'not in', [...names]))
    .execute();
}

/** Every registered source. */
export async function listSources(db: Db): Promise<readonly SourceEndpoint[]> {
  const rows = await endpointRows(db, 'source');
  return rows.map((row) => ({
    ...sourceSpecShape.parse(row.spec),
    namespace: row.namespace,
    database: row.database,
  }));
}

/** Every registered sink. */
export async function listSinks(db: Db): Promise<readonly SinkEndpoint[]> {
  const rows = await endpointRows(db, 'sink');
  return rows.map((row) => ({
    ...sinkSpecShape.parse(row.spec),
    namespace: row.namespace,
    database: row.database,
  }));
}

async function endpointRows(db: Db, kind: 'source' | 'sink') {
  return await db
    .selectFrom('endpoint')
    .select(['spec', 'namespace', 'database'])
    .where('kind', '=', kind)
    .orderBy('name')
    .execute();
}
