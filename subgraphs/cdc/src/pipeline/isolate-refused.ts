import type { Change } from '../domain/change.ts';
import { splitParked } from '../domain/dead-letter-split.ts';
import type { Batch, TableChanges } from '../domain/delivery.ts';
import { tableKey } from '../domain/relation.ts';
import { hasExactKey } from '../domain/row-key.ts';
import type { SinkSession } from '../sink/sink.ts';
import { DataRefused, fromSink } from './faults.ts';
import { isolatePoison, type Probe } from './isolate-poison.ts';
import type { RouteContext } from './route-context.ts';
import type { TableBook } from './table-book.ts';

export interface IsolationDeps {
  readonly context: Pick<RouteContext, 'route' | 'log' | 'signal'>;
  readonly session: SinkSession;
  readonly book: TableBook;
  /** Refused keys of one table in one batch beyond which the table is wrong, and not its rows. */
  readonly maxKeys: number;
}

/**
 * Finds what of a batch the sink refuses, by applying parts of it and taking them back. Answers the changes to set aside, each with
 * its SQLSTATE; stops the tables for which setting rows aside is no way out. Throws the refusal when no part is to blame.
 */
export async function isolateRefused(
  { context, session, book, maxKeys }: IsolationDeps,
  batch: Batch,
  refusal: DataRefused,
): Promise<ReadonlyMap<Change, string>> {
  const found = new Map<Change, string>();
  let stopped = false;
  const passed: TableChanges[] = [];
  const failed: TableChanges[] = [];
  for (const table of batch.tables) ((await probe([table])) === null ? passed : failed).push(table);
  // None alone: they are only wrong together, by a foreign key from one to another, say.
  const suspects = failed.length > 0 ? failed : passed.splice(0);
  for (const suspect of suspects) {
    const { table, changes } = suspect;
    const sqlState = await probe([...passed, suspect]);
    if (sqlState === null) {
      passed.push(suspect);
      continue;
    }
    const poison = await poisonOf(suspect, sqlState);
    if (typeof poison === 'string') {
      stopped = true;
      await book.stop(table.relation, `the sink refused ${poison} (SQLSTATE ${sqlState})`);
      continue;
    }
    for (const [change, state] of poison) found.set(change, state);
    context.log.warn({
      event: 'rows.refused',
      route: context.route.name,
      table: tableKey(table.relation),
      refused: poison.size,
      sqlState,
    });
    const { flowing } = splitParked(table.relation, changes, new Set(), found);
    if (flowing.length > 0) passed.push({ table, changes: flowing });
  }
  if (found.size === 0 && !stopped) throw refusal;
  return found;

  /** The changes of a table that are refused; or what is refused, in words, when it is not a few of its rows. */
  async function poisonOf(
    { table, changes }: TableChanges,
    sqlState: string,
  ): Promise<ReadonlyMap<Change, string> | string> {
    // Two spellings of one key would pass each other.
    if (!isPoison(sqlState) || !hasExactKey(table.relation)) return 'its rows';
    const beside: Probe = (part) => probe([...passed, { table, changes: part }]);
    const alone: Probe = (part) => probe([{ table, changes: part }]);
    const isolated = await isolatePoison(table.relation, changes, { alone, beside, maxKeys });
    if ('refused' in isolated && [...isolated.refused.values()].every(isPoison)) return isolated.refused;
    const tooMany = 'hopeless' in isolated && isolated.hopeless === 'too_many';
    return tooMany ? `rows of more than ${maxKeys} keys at once` : 'its rows';
  }

  async function probe(tables: readonly TableChanges[]): Promise<string | null> {
    context.signal.throwIfAborted();
    try {
      const tried = await fromSink(session.deliver({ ...batch, tables }));
      try {
        await fromSink(tried.check?.() ?? Promise.resolve());
      } finally {
        await fromSink(tried.rollback());
      }
      return null;
    } catch (error) {
      if (!(error instanceof DataRefused)) throw error;
      return error.sqlState;
    }
  }
}

/** The row is wrong (class 22, 23), and not the table's shape (42). */
function isPoison(sqlState: string): boolean {
  return /^2[23]/.test(sqlState);
}
