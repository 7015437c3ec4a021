import type { Kysely, Transaction } from 'kysely';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** What an idempotency key stands for: the request it came with, and the version that answered it. */
export interface PublishKey {
  readonly principal: string;
  readonly key: string;
  readonly requestDigest: string;
  readonly subject: string;
  readonly version: number;
}

/** What this principal did with the key, or undefined. */
export async function findPublishKey(
  db: Db,
  principal: string,
  key: string,
): Promise<PublishKey | undefined> {
  const row = await db
    .selectFrom('publish_key')
    .select(['request_digest', 'subject', 'version'])
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { principal, key, requestDigest: row.request_digest, subject: row.subject, version: row.version };
}

/** Remembers a key; a key that is known stays what it was. */
export async function insertPublishKey(db: Db, entry: PublishKey): Promise<void> {
  await db
    .insertInto('publish_key')
    .values({
      principal: entry.principal,
      key: entry.key,
      request_digest: entry.requestDigest,
      subject: entry.subject,
      version: entry.version,
    })
    .onConflict((conflict) => conflict.columns(['principal', 'key']).doNothing())
    .execute();
}
