import { appendEvents } from '@spine/platform/stream/append-event';
import type { Transaction } from 'kysely';
import type { VersionHead } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { type SchemaChange, schemaChanges } from './schema-change.ts';

/** Tells the stream what happened to versions of a subject. The last statement of a transaction. */
export async function announce(
  trx: Transaction<RegistryTables>,
  kind: SchemaChange['kind'],
  versions: readonly Pick<VersionHead, 'subject' | 'version' | 'semver'>[],
): Promise<void> {
  if (versions.length === 0) return;
  const changes: SchemaChange[] = versions.map(({ subject, version, semver }) => ({
    kind,
    subject,
    version,
    semver,
  }));
  await appendEvents(trx, schemaChanges, changes);
}
