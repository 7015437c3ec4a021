import { Problem } from '@spine/kernel/problem';
import type { Log } from '@spine/platform/log/create-log';
import type { AuditRecord } from './audit-record.ts';
import type { AuditStore } from './audit-store.ts';

/** Writes records in order, many in one commit when many come at once. */
export interface AuditLog {
  /**
   * Its place in the chain, once the record is durable. Throws SERVICE_UNAVAILABLE when nobody knows that it is; a database
   * that was cut off while it answered may have it nevertheless.
   */
  append(record: AuditRecord): Promise<bigint>;
  /** Takes a record to be written soon. While the store is away it waits here; what finds no room is counted as lost. */
  note(record: AuditRecord): void;
  /** Writes what waits, as far as the store lets it. */
  close(): Promise<void>;
}

export interface AuditLogOptions {
  readonly store: AuditStore;
  readonly log: Pick<Log, 'warn'>;
  readonly onLost?: (count: number) => void;
  readonly now?: () => Date;
  readonly retryMs?: number;
  /** Records that may wait. */
  readonly room?: number;
  /** How long the store may take for a commit. */
  readonly commitMs?: number;
}

const mostInOneCommit = 500;

interface Waiting {
  readonly record: AuditRecord;
  /** Of an append: whoever waits for it. */
  readonly settle: { readonly done: (seq: bigint) => void; readonly failed: (error: Problem) => void } | null;
}

/** Creates the writer of a store. One commit runs at a time; what comes meanwhile shares the next. */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const {
    store,
    log,
    onLost,
    now = () => new Date(),
    retryMs = 1_000,
    room = 10_000,
    commitMs = 5_000,
  } = options;
  let queue: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let retry: NodeJS.Timeout | null = null;
  let lost = 0;
  let closed = false;

  function lose(count: number): void {
    if (lost === 0) log.warn({ event: 'audit.no_room', waiting: queue.length });
    lost += count;
    onLost?.(count);
  }

  async function writeGroup(): Promise<void> {
    const group = queue.slice(0, mostInOneCommit);
    queue = queue.slice(mostInOneCommit);
    const toTell = lost;
    const records = group.map(({ record }) => record);
    try {
      const first = records[0];
      // Before everything else: from here on it is known that something is missing.
      const told = toTell > 0 && first !== undefined ? [lostRecord(first, toTell, now())] : [];
      const entries = await within(commitMs, store.append([...told, ...records]));
      lost -= toTell;
      for (const [index, { settle }] of group.entries()) {
        settle?.done(entries[index + told.length]?.seq ?? 0n);
      }
    } catch (error) {
      log.warn({ event: 'audit.not_written', records: group.length, err: error });
      const unavailable = new Problem('SERVICE_UNAVAILABLE', 'the audit log cannot be written now', {
        fix: 'Nothing was changed: try again with the same idempotency key.',
        cause: error,
      });
      for (const { settle } of group) settle?.failed(unavailable);
      queue = [...group.filter(({ settle }) => settle === null), ...queue];
      throw error;
    }
  }

  async function drain(): Promise<void> {
    // The records of one turn of the event loop share a commit.
    await new Promise(setImmediate);
    while (queue.length > 0) await writeGroup();
  }

  function start(): void {
    if (writing !== null || queue.length === 0) return;
    writing = drain()
      .catch(() => {
        if (closed || queue.length === 0) return;
        retry ??= setTimeout(() => {
          retry = null;
          start();
        }, retryMs);
      })
      .finally(() => {
        writing = null;
        // Whoever came while the last commit ended.
        if (retry === null && !closed) start();
      });
  }

  function take(waiting: Waiting): void {
    queue.push(waiting);
    // An append does not wait for the time of those that are tried again.
    if (waiting.settle !== null && retry !== null) {
      clearTimeout(retry);
      retry = null;
    }
    if (retry === null) start();
  }

  return {
    append(record) {
      if (closed || queue.length >= room) {
        const why = closed ? 'this process is stopping' : 'the audit log has too much to write';
        return Promise.reject(new Problem('SERVICE_UNAVAILABLE', why, { fix: 'Try again in a moment.' }));
      }
      return new Promise((done, failed) => take({ record, settle: { done, failed } }));
    },
    note(record) {
      if (closed || queue.length >= room) lose(1);
      else take({ record, settle: null });
    },
    async close() {
      closed = true;
      if (retry !== null) clearTimeout(retry);
      retry = null;
      await writing;
      while (queue.length > 0) {
        try {
          await writeGroup();
        } catch {
          lose(queue.length);
          queue = [];
        }
      }
    },
  };
}

function lostRecord({ requestId, principal }: AuditRecord, count: number, at: Date): AuditRecord {
  return {
    kind: 'lost',
    at: at.toISOString(),
    requestId,
    principal: { ...principal, id: 'gateway', kind: 'service', roles: [], functions: [] },
    operation: { type: 'none', name: null, sha256: '' },
    variables: null,
    sensitive: [],
    decision: 'allowed',
    reason: null,
    cost: 0,
    subgraphs: [],
    result: null,
    of: null,
    count,
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the audit store did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Whoever comes late, fails unheard.
    work.catch(() => undefined);
  }
}
