import { invariant } from '@spine/kernel/invariant';
import type { Change, SpooledChanges } from '../../domain/change.ts';
import type { Relation } from '../../domain/relation.ts';
import { type RecordedChange, readRecord, recordLength, recordOf, recordTable } from './change-record.ts';
import type { SpoolFile } from './spool-file.ts';

/** Changes of one open transaction on their way to disk. Tables are told by the place of their description. */
export interface TransactionSpool {
  append(table: number, change: RecordedChange): void;
  /** What follows belongs to this subtransaction; the top one is told like the others. */
  enter(subxid: number): void;
  /** Forgets a subtransaction and those inside it. One that was never entered left nothing. */
  abort(subxid: number): void;
  /** The transaction has committed: `relations` are its tables in the order of their places. */
  seal(relations: readonly Relation[]): Promise<SpooledChanges>;
  discard(): Promise<void>;
}

/** So much is read at a time, whole records of it. */
const readBytes = 4 * 1024 * 1024;
/** So many changes are a part: small ones cost their objects, not their bytes. */
const partChanges = 10_000;

/** A transaction on a file of its own. */
export function createTransactionSpool(file: SpoolFile): TransactionSpool {
  /**
   * Where the changes of each subtransaction begin, in the order of the file. They follow each other or lie inside each other, so an
   * abort cuts off the end. There may be a million of them: a stack and the place of each in it.
   */
  const begins: { readonly subxid: number; readonly at: number }[] = [];
  const places = new Map<number, number>();
  let current: number | null = null;

  return {
    append(table, change) {
      file.append(recordOf(table, change));
    },
    enter(subxid) {
      if (subxid === current) return;
      current = subxid;
      if (places.has(subxid)) return;
      places.set(subxid, begins.length);
      begins.push({ subxid, at: file.length() });
    },
    abort(subxid) {
      const begin = begins[places.get(subxid) ?? -1];
      if (begin === undefined) return;
      for (;;) {
        const last = begins.pop();
        if (last === undefined) break;
        places.delete(last.subxid);
        if (last.subxid === subxid) break;
      }
      current = null;
      file.rewind(begin.at);
    },
    async seal(relations) {
      await file.settled();
      const counts = await countRecords(file, relations);
      return {
        counts,
        parts: () => readParts(file, relations),
        discard: () => file.close(),
      };
    },
    discard: () => file.close(),
  };
}

async function countRecords(
  file: SpoolFile,
  relations: readonly Relation[],
): Promise<ReadonlyMap<Relation, number>> {
  const counts = new Map<Relation, number>();
  for await (const { bytes, end } of readRecords(file)) {
    for (let at = 0; at < end; at += recordLength(bytes, at)) {
      const relation = tableAt(relations, recordTable(bytes, at));
      counts.set(relation, (counts.get(relation) ?? 0) + 1);
    }
  }
  return counts;
}

async function* readParts(
  file: SpoolFile,
  relations: readonly Relation[],
): AsyncGenerator<readonly Change[], void> {
  for await (const { bytes, end } of readRecords(file)) {
    let changes: Change[] = [];
    for (let at = 0; at < end; at += recordLength(bytes, at)) {
      changes.push(readRecord(bytes, at, tableAt(relations, recordTable(bytes, at))));
      if (changes.length < partChanges) continue;
      yield changes;
      changes = [];
    }
    if (changes.length > 0) yield changes;
  }
}

/** Pieces of the file that hold whole records up to `end`. A record larger than a piece comes alone. */
async function* readRecords(
  file: SpoolFile,
): AsyncGenerator<{ readonly bytes: Buffer; readonly end: number }, void> {
  const length = file.length();
  for (let from = 0; from < length; ) {
    let bytes = await file.read(from, Math.min(readBytes, length - from));
    const first = recordLength(bytes, 0);
    if (first > bytes.length) bytes = await file.read(from, first);
    let end = 0;
    while (end < bytes.length && end + recordLength(bytes, end) <= bytes.length) {
      end += recordLength(bytes, end);
    }
    yield { bytes, end };
    from += end;
  }
}

function tableAt(relations: readonly Relation[], place: number): Relation {
  const relation = relations[place];
  invariant(relation !== undefined, 'a change of the spool belongs to a table of its transaction');
  return relation;
}
