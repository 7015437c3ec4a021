import { type Lsn, lsnZero } from '@spine/kernel/lsn';
import type { Change, SourceTransaction } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
import { UnknownPgoutput } from './pgoutput-decoder.ts';
import type { PgoutputMessage } from './pgoutput-message.ts';
import type { Spool } from './spool/spool.ts';
import { createTransactionSpool, type TransactionSpool } from './spool/transaction-spool.ts';

export interface AssemblerOutput {
  /** A transaction with changes of the route's tables, whole. */
  readonly onTransaction: (transaction: SourceTransaction) => void;
  /** A transaction that lies on disk: nothing more may come in before it is whole and has been handed over. */
  readonly onSpooled: (transaction: Promise<SourceTransaction>, endLsn: Lsn) => void;
  /** Every transaction that ends at or before this position has been handed over. */
  readonly onReached: (position: Lsn) => void;
}

/** Builds whole transactions out of pgoutput messages. */
export interface TransactionAssembler {
  accept(message: PgoutputMessage): void;
  /** A transaction that is whole now; null when nothing of it is left. */
  handOver(transaction: SourceTransaction | null, endLsn: Lsn): void;
  /** A position the server has told of. It says nothing while a transaction is open: the server is in the midst of it. */
  serverAt(position: Lsn): void;
}

interface OpenTransaction {
  readonly xid: number;
  changes: Change[];
  bytes: number;
  spooled: { readonly spool: TransactionSpool; readonly places: Map<Relation, number> } | null;
}

/** What an object for a change needs beside its tuples. */
const changeBytes = 128;
const defaultSpoolAbove = 16 * 1024 * 1024;

/**
 * `from` is the checkpoint: a transaction that ends at or before it is dropped. A transaction is held in memory from its begin to
 * its commit, and moves to disk when it outgrows `spoolAbove` bytes: whatever the server's own limit for sending blocks of an
 * open transaction is, no transaction bounds what the reader needs.
 */
export function createTransactionAssembler(
  from: Lsn,
  relationOf: (oid: number) => Relation | undefined,
  { onTransaction, onSpooled, onReached }: AssemblerOutput,
  spool: Pick<Spool, 'open'>,
  spoolAbove = defaultSpoolAbove,
): TransactionAssembler {
  let open: OpenTransaction | null = null;
  let reached = from;

  function reach(position: Lsn): void {
    if (position <= reached) return;
    reached = position;
    onReached(position);
  }

  function add(change: Change, bytes: number): void {
    if (open === null) throw new UnknownPgoutput('pgoutput sent a change outside a transaction');
    if (open.spooled !== null) {
      append(open.spooled, change);
      return;
    }
    open.changes.push(change);
    open.bytes += bytes;
    if (open.bytes + open.changes.length * changeBytes <= spoolAbove) return;
    open.spooled = { spool: createTransactionSpool(spool.open()), places: new Map() };
    for (const early of open.changes) append(open.spooled, early);
    open.changes = [];
    open.bytes = 0;
  }

  function append(to: NonNullable<OpenTransaction['spooled']>, change: Change): void {
    const place = to.places.get(change.relation) ?? to.places.size;
    to.places.set(change.relation, place);
    to.spool.append(place, change);
  }

  function handOver(transaction: SourceTransaction | null, endLsn: Lsn): void {
    if (endLsn <= from) {
      void transaction?.spooled?.discard();
      return;
    }
    if (transaction !== null) onTransaction(transaction);
    reach(endLsn);
  }

  function relation(oid: number): Relation {
    const known = relationOf(oid);
    if (known === undefined)
      throw new UnknownPgoutput(`pgoutput sent a change of relation ${oid} before its description`);
    return known;
  }

  return {
    handOver,
    accept(message) {
      switch (message.kind) {
        case 'insert':
          add(
            { kind: 'insert', relation: relation(message.oid), after: message.after },
            message.after.length,
          );
          return;
        case 'update':
          add(
            {
              kind: 'update',
              relation: relation(message.oid),
              after: message.after,
              before: message.before,
              beforeKind: message.beforeKind,
            },
            message.after.length + (message.before?.length ?? 0),
          );
          return;
        case 'delete':
          add(
            {
              kind: 'delete',
              relation: relation(message.oid),
              before: message.before,
              beforeKind: message.beforeKind,
            },
            message.before.length,
          );
          return;
        case 'truncate':
          for (const oid of message.oids) {
            add({ kind: 'truncate', relation: relation(oid), cascade: message.cascade }, 0);
          }
          return;
        case 'begin':
          if (open !== null) throw new UnknownPgoutput('pgoutput began a transaction inside another');
          open = { xid: message.xid, changes: [], bytes: 0, spooled: null };
          return;
        case 'commit': {
          if (open === null) throw new UnknownPgoutput('pgoutput committed a transaction that had not begun');
          const { xid, changes, bytes, spooled } = open;
          open = null;
          const { commitLsn, endLsn, committedAtMs } = message;
          const whole = { xid, commitLsn, endLsn, committedAtMs, changes, bytes };
          if (spooled === null) {
            handOver(changes.length > 0 ? whole : null, endLsn);
            return;
          }
          const sealed = spooled.spool.seal([...spooled.places.keys()]);
          onSpooled(
            sealed.then((kept) => ({ ...whole, spooled: kept })),
            endLsn,
          );
          return;
        }
        case 'message':
          // Outside a transaction it comes when its own place in the WAL is reached, heartbeats among them.
          if (!message.transactional && open === null) reach(message.lsn);
          return;
        // A relation is resolved before it comes here; types are read from the catalogue; an origin changes nothing.
        case 'relation':
        case 'type':
        case 'origin':
          return;
        case 'stream_start':
        case 'stream_stop':
        case 'stream_commit':
        case 'stream_abort':
          throw new UnknownPgoutput(`pgoutput sent a ${message.kind} where there is no block`);
      }
    },
    serverAt(position) {
      if (open === null && position !== lsnZero) reach(position);
    },
  };
}
