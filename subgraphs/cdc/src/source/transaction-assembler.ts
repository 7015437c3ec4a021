import { type Lsn, lsnZero } from '@spine/kernel/lsn';
import type { Change, SourceTransaction } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
import { UnknownPgoutput } from './pgoutput-decoder.ts';
import type { PgoutputMessage } from './pgoutput-message.ts';

export interface AssemblerOutput {
  /** A transaction with changes of the route's tables, whole. */
  readonly onTransaction: (transaction: SourceTransaction) => void;
  /** Every transaction that ends at or before this position has been handed over. */
  readonly onReached: (position: Lsn) => void;
}

/** Builds whole transactions out of pgoutput messages. */
export interface TransactionAssembler {
  accept(message: PgoutputMessage): void;
  /** A position the server has told of. It says nothing while a transaction is open: the server is in the midst of it. */
  serverAt(position: Lsn): void;
}

interface OpenTransaction {
  readonly xid: number;
  readonly changes: Change[];
  bytes: number;
}

/**
 * `from` is the checkpoint: a transaction that ends at or before it is dropped. A transaction is held in memory from its
 * begin to its commit (protocol version 1): the largest transaction of the source bounds what the reader needs.
 */
export function createTransactionAssembler(
  from: Lsn,
  relationOf: (oid: number) => Relation | undefined,
  { onTransaction, onReached }: AssemblerOutput,
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
    open.changes.push(change);
    open.bytes += bytes;
  }

  function relation(oid: number): Relation {
    const known = relationOf(oid);
    if (known === undefined)
      throw new UnknownPgoutput(`pgoutput sent a change of relation ${oid} before its description`);
    return known;
  }

  return {
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
          open = { xid: message.xid, changes: [], bytes: 0 };
          return;
        case 'commit': {
          if (open === null) throw new UnknownPgoutput('pgoutput committed a transaction that had not begun');
          const { xid, changes, bytes } = open;
          open = null;
          const { commitLsn, endLsn, committedAtMs } = message;
          if (endLsn <= from) return;
          if (changes.length > 0) {
            onTransaction({ xid, commitLsn, endLsn, committedAtMs, changes, bytes });
          }
          reach(endLsn);
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
      }
    },
    serverAt(position) {
      if (open === null && position !== lsnZero) reach(position);
    },
  };
}
