import { invariant } from '@spine/kernel/invariant';
import type { SourceTransaction } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
import { UnknownPgoutput } from './pgoutput-decoder.ts';
import type { BlockMessage, PgoutputMessage, RelationMessage } from './pgoutput-message.ts';
import type { Spool } from './spool/spool.ts';
import { createTransactionSpool, type TransactionSpool } from './spool/transaction-spool.ts';

/** Transactions that the server sends in blocks while they are still open, because they outgrew its own memory. */
export interface StreamedTransactions {
  /** Whether what comes next belongs to a block. */
  inBlock(): boolean;
  begin(xid: number): void;
  accept(message: BlockMessage): void;
  abort(xid: number, subxid: number): void;
  /** The transaction whole; null when nothing of it is left. */
  commit(message: Extract<PgoutputMessage, { kind: 'stream_commit' }>): Promise<SourceTransaction | null>;
}

interface OpenTransaction {
  readonly spool: TransactionSpool;
  /** Descriptions of its tables in the order in which they came. */
  readonly described: RelationMessage[];
  /** Where the latest description of each table is in that list. */
  readonly places: Map<number, number>;
}

/**
 * Blocks go to disk, one file a transaction. A table is described once more for each of them, perhaps in a form that nobody else
 * can see yet: so the catalogue is asked only at the commit. `describe` also makes the form known to what follows.
 */
export function createStreamedTransactions(
  spool: Spool,
  describe: (message: RelationMessage) => Promise<Relation>,
): StreamedTransactions {
  const transactions = new Map<number, OpenTransaction>();
  let block: OpenTransaction | null = null;

  function placeOf({ places }: OpenTransaction, oid: number): number {
    const place = places.get(oid);
    if (place === undefined) {
      throw new UnknownPgoutput(`pgoutput sent a change of relation ${oid} before its description`);
    }
    return place;
  }

  return {
    inBlock: () => block !== null,
    begin(xid) {
      if (block !== null) throw new UnknownPgoutput('pgoutput began a block inside another');
      block = transactions.get(xid) ?? {
        spool: createTransactionSpool(spool.open()),
        described: [],
        places: new Map(),
      };
      transactions.set(xid, block);
    },
    accept({ subxid, message }) {
      invariant(block !== null, 'a message of a block comes within one');
      switch (message.kind) {
        case 'insert':
        case 'update':
        case 'delete': {
          const place = placeOf(block, message.oid);
          block.spool.enter(subxid);
          block.spool.append(place, message);
          return;
        }
        case 'truncate': {
          block.spool.enter(subxid);
          for (const oid of message.oids) block.spool.append(placeOf(block, oid), message);
          return;
        }
        case 'relation':
          block.places.set(message.oid, block.described.length);
          block.described.push(message);
          return;
        case 'stream_stop':
          block = null;
          return;
        // Types are read from the catalogue; a message or an origin changes nothing.
        case 'type':
        case 'message':
        case 'origin':
          return;
        default:
          throw new UnknownPgoutput(`pgoutput sent a ${message.kind} inside a block`);
      }
    },
    abort(xid, subxid) {
      const transaction = transactions.get(xid);
      if (transaction === undefined) return;
      if (xid !== subxid) {
        transaction.spool.abort(subxid);
        return;
      }
      transactions.delete(xid);
      void transaction.spool.discard();
    },
    async commit({ xid, commitLsn, endLsn, committedAtMs }) {
      const transaction = transactions.get(xid);
      if (transaction === undefined) {
        throw new UnknownPgoutput('pgoutput committed a streamed transaction that had not begun');
      }
      transactions.delete(xid);
      const relations: Relation[] = [];
      for (const message of transaction.described) relations.push(await describe(message));
      const spooled = await transaction.spool.seal(relations);
      if (spooled.counts.size > 0) {
        return { xid, commitLsn, endLsn, committedAtMs, changes: [], bytes: 0, spooled };
      }
      await spooled.discard();
      return null;
    },
  };
}
