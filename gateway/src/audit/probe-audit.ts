import type { AuditStore } from './audit-store.ts';

const behindAll = 2n ** 62n;

/**
 * What readiness says of the audit log: without it the gateway still answers queries, so it is ready, and says what it
 * cannot do.
 */
export function probeAudit(store: AuditStore, withinMs = 1_500): () => Promise<{ degraded: string } | null> {
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer')), withinMs);
    });
    try {
      const read = store.list({ after: behindAll, limit: 1 });
      read.catch(() => undefined);
      await Promise.race([read, late]);
      return null;
    } catch {
      return { degraded: 'the audit log cannot be reached: mutations are refused' };
    } finally {
      clearTimeout(timer);
    }
  };
}
