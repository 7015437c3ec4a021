import { coalesce, type Step } from '../domain/coalesce.ts';
import type { TableChanges } from '../domain/delivery.ts';
import {
  deleteStatement,
  type Guard,
  putStatement,
  renameStatement,
  type Statement,
  tableName,
  updateStatement,
} from './apply-statements.ts';
import { type ColumnPlan, columnPlans } from './column-plan.ts';
import { writeColumns } from './write-columns.ts';

/** What is to be put by COPY into a stage, for tables whose columns `unnest` would take apart. */
export interface StagedPut {
  readonly plans: readonly ColumnPlan[];
  readonly rows: readonly Buffer[];
  /** True when only the sent columns of rows that are there are updated. */
  readonly partial: boolean;
}

export type TableWork =
  | { readonly kind: 'truncate'; readonly table: string }
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'stage'; readonly table: string; readonly put: StagedPut };

/** The work that applies one table's changes of a batch, in order. */
export function tableWork({ table, changes }: TableChanges, guard: Guard): readonly TableWork[] {
  const { relation } = table;
  const name = tableName(relation.schema, relation.table);
  const plans = columnPlans(table);
  const { truncate, steps } = coalesce(relation, changes);
  return [
    ...(truncate ? [{ kind: 'truncate', table: name } as const] : []),
    ...steps.flatMap((step) => stepWork(name, plans, step, guard)),
  ];
}

function stepWork(
  table: string,
  plans: readonly ColumnPlan[],
  step: Step,
  guard: Guard,
): readonly TableWork[] {
  const keys = plans.filter((plan) => plan.key);
  const work: TableWork[] = [];
  const add = (statement: Statement | null) => {
    if (statement !== null) work.push({ kind: 'statement', statement });
  };
  if (step.renames.length > 0) {
    const from = writeColumns(
      keys,
      step.renames.map((rename) => rename.from),
    );
    const to = writeColumns(
      keys,
      step.renames.map((rename) => rename.to),
    );
    add(renameStatement(table, keys, from, to, guard));
  }
  if (step.deletes.length > 0) add(deleteStatement(table, keys, writeColumns(keys, step.deletes), guard));
  for (const { unchanged, rows } of step.puts) {
    const sent = unchanged.length === 0 ? plans : plans.filter((plan) => !unchanged.includes(plan.index));
    if (sent.some((plan) => plan.staged)) {
      work.push({ kind: 'stage', table, put: { plans: sent, rows, partial: unchanged.length > 0 } });
    } else if (unchanged.length > 0) add(updateStatement(table, sent, writeColumns(sent, rows), guard));
    else add(putStatement(table, sent, writeColumns(sent, rows), guard));
  }
  return work;
}
