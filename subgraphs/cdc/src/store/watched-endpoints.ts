import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { sightingKinds } from '../domain/scan/sighting.ts';
import type { WatchedEndpoint } from '../domain/scan/watched-endpoint.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

/** What spine.yaml says of watching a source or sink, as it is stored with it. */
export const watchShape = {
  quarantine: z.enum(['shadow', 'enforce']).optional(),
  adminUrl: z.string().optional(),
  consumers: z
    .array(z.object({ kind: z.enum(sightingKinds), name: z.string(), owner: z.string() }))
    .optional(),
};
const storedShape = z.object({
  type: z.string(),
  url: z.string().default(''),
  brokers: z.array(z.string()).default([]),
  topicPrefix: z.string().default(''),
  tls: z.boolean().optional(),
  sasl: z
    .object({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: z.string(),
      password: z.string(),
    })
    .optional(),
  iam: z.string().nullable().default(null),
  ...watchShape,
});

/** Every registered source and sink, as the scanner sees it; sources first, by name. */
export async function listWatchedEndpoints(db: Db): Promise<readonly WatchedEndpoint[]> {
  const rows = await db
    .selectFrom('endpoint')
    .select(['kind', 'name', 'spec'])
    .orderBy('kind', 'desc')
    .orderBy('name')
    .execute();
  return rows.map(({ kind, name, spec }) => {
    const { quarantine = 'shadow', adminUrl = null, consumers = [], ...address } = storedShape.parse(spec);
    return { kind, name, ...address, quarantine, adminUrl, consumers };
  });
}
