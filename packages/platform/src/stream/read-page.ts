import { invariant } from '@spine/kernel/invariant';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { Position } from './cursor.ts';
import type { GapReason } from './stream-item.ts';

/** An event as stored, with the position after it. */
export interface StoredEvent<T> {
  readonly position: Position;
  readonly at: Date;
  readonly value: T;
}

/** A run of events, or the news that the reader's position is not part of this history any more. */
export type Page<T> =
  | { readonly kind: 'events'; readonly events: readonly StoredEvent<T>[]; readonly full: boolean }
  | {
      readonly kind: 'gap';
      readonly reason: Exclude<GapReason, 'snapshot_unfinished'>;
      readonly resumeAt: Position;
      readonly missed: number | null;
    };

interface PageRow<T> {
  readonly cut_seq: bigint;
  readonly cut_epoch: string;
  readonly seq: bigint | null;
  readonly epoch: string | null;
  readonly at: Date | null;
  /** Trusted to be what was appended, unless the reader parses it. */
  readonly item: T;
}

/** Makes the stream known, so that it has positions before its first event. */
export async function openStream(db: QueryExecutorProvider, stream: string): Promise<void> {
  await sql`select stream_open(${stream})`.execute(db);
}

/** The position after the last committed event. */
export async function readHead(db: QueryExecutorProvider, stream: string): Promise<Position> {
  const { rows } = await sql<Position>`
    select coalesce(e.seq, h.cut_seq) as seq, coalesce(e.epoch, h.cut_epoch) as epoch
    from stream_head h
    left join lateral (
      select seq, epoch from stream_event where stream = h.stream order by seq desc limit 1
    ) e on true
    where h.stream = ${stream}`.execute(db);
  return known(rows[0], stream);
}

/** The position before the first event that is still there. */
export async function readStart(db: QueryExecutorProvider, stream: string): Promise<Position> {
  const { rows } = await sql<Position>`
    select cut_seq as seq, cut_epoch as epoch from stream_head where stream = ${stream}`.execute(db);
  return known(rows[0], stream);
}

/** The position after the event `seq`; undefined if it is not there (any more). */
export async function findPosition(
  db: QueryExecutorProvider,
  stream: string,
  seq: bigint,
): Promise<Position | undefined> {
  const { rows } = await sql<Position>`
    select seq, epoch from stream_event where stream = ${stream} and seq = ${seq}
    union all
    select cut_seq, cut_epoch from stream_head where stream = ${stream} and cut_seq = ${seq}`.execute(db);
  return rows[0];
}

/**
 * Reads up to `limit` events after a position, and proves in the same statement that the position still belongs to
 * this history: its own event is there under its own epoch, or is the last that retention removed.
 */
export async function readPage<T>(
  db: QueryExecutorProvider,
  stream: string,
  after: Position,
  limit: number,
  parse?: (item: unknown) => T,
): Promise<Page<T>> {
  const { rows } = await sql<PageRow<T>>`
    select h.cut_seq, h.cut_epoch, e.seq, e.epoch, e.at, e.item
    from stream_head h
    left join lateral (
      select seq, epoch, at, item from stream_event
      where stream = h.stream and seq >= ${after.seq} order by seq limit ${limit + 1}
    ) e on true
    where h.stream = ${stream}
    order by e.seq`.execute(db);
  const first = known(rows[0], stream);
  const cut: Position = { seq: first.cut_seq, epoch: first.cut_epoch };
  if (!isSame(after, cut) && !isSame(after, first)) return gapAfter(db, stream, after, cut);

  const events = rows.flatMap(({ seq, epoch, at, item }) =>
    seq === null || epoch === null || at === null || seq <= after.seq
      ? []
      : [{ position: { seq, epoch }, at, value: parse === undefined ? item : parse(item) }],
  );
  return { kind: 'events', events: events.slice(0, limit), full: events.length >= limit };
}

async function gapAfter<T>(
  db: QueryExecutorProvider,
  stream: string,
  after: Position,
  cut: Position,
): Promise<Page<T>> {
  if (after.seq < cut.seq) {
    return { kind: 'gap', reason: 'retention', resumeAt: cut, missed: Number(cut.seq - after.seq) };
  }
  // What both histories share is the reader's past; it goes on behind the last event of that.
  const { rows } = await sql<Position>`
    select seq, epoch from stream_event
    where stream = ${stream} and epoch = ${after.epoch} and seq <= ${after.seq}
    order by seq desc limit 1`.execute(db);
  return { kind: 'gap', reason: 'reset', resumeAt: rows[0] ?? cut, missed: null };
}

function isSame(
  position: Position,
  other: { readonly seq: bigint | null; readonly epoch: string | null },
): boolean {
  return position.seq === other.seq && position.epoch === other.epoch;
}

function known<T>(row: T | undefined, stream: string): T {
  invariant(row !== undefined, `stream ${stream} was not opened`);
  return row;
}
