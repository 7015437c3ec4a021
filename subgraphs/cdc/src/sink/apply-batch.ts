import { formatLsn } from '@spine/kernel/lsn';
import type { Log } from '@spine/platform/log/create-log';
import type pg from 'pg';
import { coalesce, type Step } from '../domain/coalesce.ts';
import type { Batch } from '../domain/delivery.ts';
import { tableKey } from '../domain/relation.ts';
import {
  deleteRowsStatement,
  fenceStatement,
  oldKeyAlias,
  putRowsStatement,
  type RowColumn,
  renameRowsStatement,
  updateRowsStatement,
  valueAlias,
} from './apply-statements.ts';
import { copyInto } from './copy-into.ts';
import { encodeCopy } from './encode-copy.ts';
import { encodeColumns } from './encode-rows.ts';
import { FencedOut } from './sink.ts';
import type { Fence } from './sink-state.ts';
import type { StatementNames } from './statement-names.ts';
import type { PlannedColumn, TablePlan } from './table-plan.ts';

/** Rows of one statement: enough for sets to pay, few enough that we encode the next while the server works on this one. */
const rowsPerStatement = 4_000;
/** Bytes sent without an answer before we wait for one: bounds what a huge transaction holds in memory twice. */
const bytesInFlight = 16 * 1024 * 1024;

/** Images of rows and the columns to take from them; `old` has the keys before a rename. */
interface RowSet {
  readonly rows: readonly Buffer[];
  readonly columns: readonly PlannedColumn[];
  readonly old?: readonly Buffer[];
}

interface Sendable {
  readonly name: string;
  readonly text: string;
  readonly values: (string | Buffer)[];
}

type StatementOf = (plan: TablePlan, row: readonly RowColumn[]) => string;

export interface ApplyInput {
  readonly client: pg.Client;
  readonly fence: Fence;
  readonly batch: Batch;
  /** The statement that lets the transaction write; without it the one that moves the checkpoint to the batch's end. */
  readonly fenceText?: string;
  readonly planOf: (table: Batch['tables'][number]['table']) => TablePlan;
  readonly names: StatementNames;
  readonly log: Log;
}

/**
 * Begins a transaction and applies the batch: the fence first, then each table's steps. Statements are sent without waiting
 * for the answers before them. Returns when all are answered, with the transaction open; when it throws, it is rolled back.
 */
export async function applyBatch(input: ApplyInput): Promise<void> {
  const { client, fence, batch, planOf, names, log, fenceText = fenceStatement } = input;
  const guardValues = [fence.route, String(fence.epoch), formatLsn(batch.end)];
  let sent: Promise<unknown>[] = [];
  let sentBytes = 0;

  try {
    send(client.query('begin'));
    send(
      client
        .query({
          name: names.of(fenceText),
          text: fenceText,
          values: [...guardValues, String(batch.changeCount)],
        })
        .then(({ rowCount }) => {
          if (rowCount !== 1) throw new FencedOut(fence.route);
        }),
    );
    // A part is coalesced by itself: what it leaves follows on what the parts before it left.
    for await (const tables of batch.parts?.() ?? [batch.tables]) {
      for (const changes of tables) await applyTable(changes);
    }
    await settle();
  } catch (error) {
    await Promise.allSettled(sent);
    // A connection that is gone has rolled back already.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }

  function send(query: Promise<unknown>): void {
    // Failures are read in order by `settle`; those that follow from the first must not count as unhandled.
    query.catch(() => undefined);
    sent.push(query);
  }

  async function settle(): Promise<void> {
    const waiting = sent;
    sent = [];
    sentBytes = 0;
    const answers = await Promise.allSettled(waiting);
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
  }

  async function applyTable({ table, changes }: Batch['tables'][number]): Promise<void> {
    const plan = planOf(table);
    const { truncate, steps } = coalesce(table.relation, changes);
    if (truncate) {
      // It takes no condition, so it waits for the fence's answer.
      await settle();
      send(client.query(`truncate ${plan.target}`));
    }
    for (const step of steps) await applyStep(plan, step);
  }

  async function applyStep(plan: TablePlan, { renames, deletes, puts }: Step): Promise<void> {
    if (renames.length > 0) {
      const rows = renames.map(({ to }) => to);
      const old = renames.map(({ from }) => from);
      await run(plan, { rows, columns: plan.key, old }, renameRowsStatement, 'each');
    }
    if (deletes.length > 0) {
      await run(plan, { rows: deletes, columns: plan.key }, deleteRowsStatement, 'some');
    }
    for (const { rows, unchanged } of puts) {
      if (unchanged.length === 0) {
        await run(plan, { rows, columns: plan.columns }, putRowsStatement, 'some');
        continue;
      }
      const columns = plan.columns.filter(({ index }) => !unchanged.includes(index));
      // A rename that brought nothing but the key is done.
      if (columns.length > plan.key.length) await run(plan, { rows, columns }, updateRowsStatement, 'each');
    }
  }

  /** `each`: the sink must have a row for every one of ours. */
  async function run(plan: TablePlan, set: RowSet, statementOf: StatementOf, hits: 'each' | 'some') {
    for (let from = 0; from < set.rows.length; from += rowsPerStatement) {
      const part = slice(set, from, from + rowsPerStatement);
      const statement =
        plan.stage === null
          ? encodeArrays(plan, part, statementOf)
          : await stageRows(plan, part, statementOf);
      const counted = client.query(statement).then(({ rowCount }) => {
        if (hits === 'some' || rowCount === part.rows.length) return;
        log.warn({
          event: 'sink.rows_missing',
          route: fence.route,
          table: tableKey(plan.relation),
          expected: part.rows.length,
          found: rowCount,
        });
      });
      send(counted);
      if (sentBytes > bytesInFlight) await settle();
    }
  }

  function encodeArrays(plan: TablePlan, set: RowSet, statementOf: StatementOf): Sendable {
    const encoded = encodeColumns(set.rows, set.columns);
    const encodedOld = set.old === undefined ? [] : encodeColumns(set.old, plan.key);
    const row = [
      ...encoded.map(({ column, asText }) => ({ column, asText, alias: valueAlias(column) })),
      ...encodedOld.map(({ column, asText }) => ({ column, asText, alias: oldKeyAlias(column) })),
    ];
    const arrays = [...encoded, ...encodedOld].map(({ array }) => array);
    for (const array of arrays) sentBytes += array.length;
    const text = statementOf(plan, row);
    return { name: names.of(text), text, values: [...guardValues, ...arrays] };
  }

  /** Fills the stage, for which the copy must be alone on the connection, then runs the statement on it. */
  async function stageRows(plan: TablePlan, set: RowSet, statementOf: StatementOf): Promise<Sendable> {
    await settle();
    const row = [
      ...set.columns.map((column) => ({ column, asText: false, alias: valueAlias(column) })),
      ...(set.old === undefined ? [] : plan.key).map((column) => ({
        column,
        asText: false,
        alias: oldKeyAlias(column),
      })),
    ];
    const bytes = encodeCopy([
      { rows: set.rows, columns: set.columns },
      ...(set.old === undefined ? [] : [{ rows: set.old, columns: plan.key }]),
    ]);
    await client.query(`truncate ${plan.stage}`);
    const aliases = row.map(({ alias }) => alias).join(', ');
    await copyInto(client, `copy ${plan.stage} (${aliases}) from stdin (format binary)`, [bytes]);
    const text = statementOf(plan, row);
    return { name: names.of(text), text, values: guardValues };
  }
}

function slice(set: RowSet, from: number, to: number): RowSet {
  const { rows, columns, old } = set;
  return { rows: rows.slice(from, to), columns, ...(old !== undefined && { old: old.slice(from, to) }) };
}
