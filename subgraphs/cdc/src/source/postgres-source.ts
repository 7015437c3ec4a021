import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { ChangeSource } from './change-source.ts';
import { copyTable } from './copy-table.ts';
import { countRewrites } from './count-rewrites.ts';
import { identifySource } from './identify-source.ts';
import { listTables } from './list-tables.ts';
import { openStream } from './open-stream.ts';
import { publishTables } from './publish-tables.ts';
import { createRelationBook } from './relation-book.ts';
import { giveUpSlot, readSlotHealth } from './slot-health.ts';
import { createSlot, dropSlot, findSlot, keepOnStandbys, temporarySlotName } from './slots.ts';
import { createSourceSession } from './source-session.ts';
import type { QueueCaps } from './transaction-queue.ts';

export interface PostgresSourceOptions {
  readonly url: string;
  readonly route: string;
  readonly slotName: string;
  readonly publicationName: string;
  readonly log: Log;
  readonly clock: Clock;
  /** How often a heartbeat is written at the source while a stream runs; 0 for never. */
  readonly heartbeatMs: number;
  /** Told of faults that do not end the route, such as a heartbeat that could not be written. */
  readonly onFault?: (error: unknown) => void;
  /** Keep the slot on standbys too (Postgres 17 and later). */
  readonly failover?: boolean;
  /** How much may wait between the socket and whoever takes it. */
  readonly queueCaps?: QueueCaps;
  /** Where transactions wait that are too large for memory, made when first needed; without it below the system's folder for such. */
  readonly spoolFolder?: string;
  /** How many bytes that is. */
  readonly spoolAbove?: number;
}

/** Some batches ahead of the sink, so that neither waits for the other. */
const defaultCaps: QueueCaps = { maxChanges: 32_000, maxBytes: 48 * 1024 * 1024 };

/** A Postgres from 14 to 18 as the source of one route. Connects when first asked. */
export function createPostgresSource(options: PostgresSourceOptions): ChangeSource {
  const { route, slotName, publicationName, clock, log } = options;
  const address = { url: options.url, route };
  const session = createSourceSession(address);
  const book = createRelationBook(session.query);
  const failover = options.failover ?? false;
  return {
    identify: () => identifySource(address),
    listTables: (patterns) => listTables({ query: session.query, book, log, route }, patterns),
    publish: (tables) => publishTables(address, publicationName, tables),
    findSlot: () => findSlot(session.query, slotName),
    createSlot: () => createSlot(address, { name: slotName, temporary: false, failover }),
    exportSnapshot: () =>
      createSlot(address, { name: temporarySlotName(slotName), temporary: true, failover: false }),
    dropSlot: () => dropSlot(session.query, slotName, clock),
    slotHealth: () => readSlotHealth(session.query, slotName),
    giveUpSlot: () => giveUpSlot(session.query, slotName, clock),
    copyTable: (relation, snapshotName, signal) => copyTable(address, relation, snapshotName, signal),
    countRewrites: (relations) => countRewrites(session.query, relations),
    async stream(from) {
      if (failover) await keepOnStandbys(address, slotName, clock);
      return await openStream({
        address,
        slotName,
        publicationName,
        from,
        caps: options.queueCaps ?? defaultCaps,
        spoolFolder: options.spoolFolder ?? join(tmpdir(), 'spine-spool'),
        spoolAbove: options.spoolAbove,
        query: session.query,
        book,
        clock,
        log,
        heartbeatMs: options.heartbeatMs,
        onFault: options.onFault,
      });
    },
    close: () => session.close(),
  };
}
