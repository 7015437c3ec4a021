import { Problem } from '@spine/kernel/problem';
import type { Log } from '@spine/platform/log/create-log';
import type { GatewayDatabase } from '../store/gateway-database.ts';
import type { AuditStore } from './audit-store.ts';
import { createMemoryAuditStore } from './memory-audit-store.ts';
import { createPostgresAuditStore } from './postgres-audit-store.ts';

/**
 * Where the audit log is kept: in the gateway's database. Without one, dev mode keeps it in memory, and everywhere else
 * mutations are refused: what nobody can look up later is not done.
 */
export function openAuditStore(
  database: GatewayDatabase | null,
  { mode, log }: { readonly mode: 'dev' | 'tokens'; readonly log: Pick<Log, 'warn' | 'info'> },
): AuditStore {
  if (database !== null) return createPostgresAuditStore(database);
  if (mode === 'dev') {
    log.info({ event: 'audit.in_memory', meaning: 'no database: the audit log ends with this process' });
    return createMemoryAuditStore();
  }
  log.warn({ event: 'audit.nowhere', fix: 'set SPINE_DATABASE_URL; until then mutations are refused' });
  const nowhere = async (): Promise<never> => {
    throw new Problem('SERVICE_UNAVAILABLE', 'the gateway has no database for its audit log', {
      fix: 'Set SPINE_DATABASE_URL for the gateway.',
    });
  };
  return { append: nowhere, list: nowhere };
}
