import { type Lsn, lsnZero } from '@spine/kernel/lsn';
import type { CompiledPolicy } from '@spine/kernel/residency/compile-policy';
import type { Clock } from '@spine/platform/clock';
import type { Change, SourceTransaction } from '../domain/change.ts';
import type { Batch } from '../domain/delivery.ts';
import type { Leaf } from '../domain/leaf.ts';
import type { Relation } from '../domain/relation.ts';
import { aColumn, aRelation } from '../domain/relation-builder.ts';
import type { SinkSession } from '../sink/sink.ts';
import type { ChangeStream, SourceTake } from '../source/change-source.ts';
import type { LeafQueue } from './leaf-queue.ts';
import type { PolicyFeed } from './policy-feed.ts';

// In-memory neighbours of the stages, for tests without a database: each records what it was asked.

/** A sink that applies nothing and remembers everything. `refusal` answers the SQLSTATE of a change that it does not take. */
export function memorySession(log: string[], refusal: (change: Change) => string | null = () => null) {
  const committed: Batch[] = [];
  const advanced: Lsn[] = [];
  const session: SinkSession = {
    epoch: 1n,
    checkpoint: null,
    tables: [],
    initialise: async () => undefined,
    prepareTable: async () => undefined,
    forgetTable: async () => undefined,
    copyTable: async () => ({ rows: 0n }),
    close: async () => undefined,
    async deliver(batch) {
      log.push('apply');
      for (const code of batch.tables.flatMap(({ changes }) => changes.map(refusal))) {
        if (code !== null) throw Object.assign(new Error('refused'), { code });
      }
      return {
        async commit() {
          log.push('commit');
          committed.push(batch);
        },
        async rollback() {
          log.push('rollback');
        },
      };
    },
    async advance(position) {
      log.push('advance');
      advanced.push(position);
    },
  };
  return { session, committed, advanced };
}

/** A ledger that answers as told and remembers what it was given. */
export function memoryLeaves(log: string[], answers: ('recorded' | 'stale')[] = []) {
  const leaves: Leaf[] = [];
  const queue: LeafQueue = {
    async append(leaf) {
      log.push('leaf');
      leaves.push(leaf);
      return answers.shift() ?? 'recorded';
    },
  };
  return { queue, leaves };
}

/** A feed that always knows its policy. */
export function memoryFeed(policy: CompiledPolicy, digest = 'matrix-1'): PolicyFeed {
  return {
    current: async () => ({ version: 1, digest, policy }),
    refresh: async () => undefined,
    close: async () => undefined,
  };
}

/** A stream of the given takes, then nothing. */
export function memoryStream(takes: SourceTake[]): { stream: ChangeStream; acknowledged: Lsn[] } {
  const acknowledged: Lsn[] = [];
  let position = lsnZero;
  return {
    acknowledged,
    stream: {
      async take() {
        const next = takes.shift();
        position = next?.position ?? position;
        return next ?? { transactions: [], position };
      },
      acknowledge: (lsn) => void acknowledged.push(lsn),
      serverPosition: () => position,
      close: async () => undefined,
    },
  };
}

/** Time that passes only when somebody sleeps. */
export function memoryClock(): Clock {
  let now = 1_700_000_000_000;
  return {
    now: () => new Date(now),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      // What is already on its way comes first, as it would in those milliseconds.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

/** One transaction that ends at `end`. */
export function transactionAt(end: number, ...changes: Change[]): SourceTransaction {
  return {
    xid: end,
    commitLsn: BigInt(end - 1) as Lsn,
    endLsn: BigInt(end) as Lsn,
    committedAtMs: 0,
    changes,
    bytes: 0,
  };
}

/** A table `public.NAME` with an int8 key `id` and a text column `note`. */
export function tableNamed(name: string): Relation {
  return aRelation({
    table: name,
    columns: [aColumn(), aColumn({ name: 'note', typeOid: 25, typeText: 'text', typeCategory: 'S' })],
  });
}
