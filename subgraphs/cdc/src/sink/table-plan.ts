import { canonicalJson } from '@spine/kernel/canonical-json';
import { invariant } from '@spine/kernel/invariant';
import type { DeliveredTable } from '../domain/delivery.ts';
import type { ValueTransform } from '../domain/obligation-transform.ts';
import { type Relation, tableKey } from '../domain/relation.ts';
import type { FoundTable } from './found-table.ts';
import { quoteTable } from './quote-name.ts';
import type { WantedColumn } from './wanted-column.ts';

/** One column between the source's tuples and the sink's table. */
export interface PlannedColumn {
  readonly name: string;
  readonly index: number;
  /** Of the sink's column: what a binary array must name as its element. */
  readonly typeOid: number;
  readonly castType: string;
  readonly equals: string;
  readonly transform: ValueTransform | null;
}

/** How the changes of one table reach the sink. Made by preparing the table, kept for as long as its shape holds. */
export interface TablePlan {
  readonly relation: Relation;
  /** Quoted name. */
  readonly target: string;
  /** By their place in a tuple. */
  readonly columns: readonly PlannedColumn[];
  readonly key: readonly PlannedColumn[];
  /** A temporary table through which rows go that unnest() cannot carry (arrays, composites); null for most tables. */
  readonly stage: string | null;
  /** The obligations that the plan meets; a delivery under others is refused. */
  readonly obligations: string;
}

/** Puts together what the delivered shape wants and what the sink has. */
export function planTable(
  table: DeliveredTable,
  wanted: readonly WantedColumn[],
  found: FoundTable,
  stageName: string,
): TablePlan {
  const { relation } = table;
  const columns = wanted.map((want) => {
    const there = found.columns.find((column) => column.name === want.name);
    invariant(there !== undefined, `${tableKey(relation)}.${want.name} stands at the sink`);
    const { typeOid, castType, equals } = there;
    return { name: want.name, index: want.index, typeOid, castType, equals, transform: want.transform };
  });
  const key = relation.key.map((index) => {
    const column = columns[index];
    invariant(column !== undefined, `the key of ${tableKey(relation)} is among its columns`);
    return column;
  });
  const names = new Set(columns.map((column) => column.name));
  const composed = found.columns.some((column) => column.composed && names.has(column.name));
  return {
    relation,
    target: quoteTable(relation),
    columns,
    key,
    stage: composed ? stageName : null,
    obligations: obligationsOf(table),
  };
}

/** One text per set of obligations. */
export function obligationsOf(table: DeliveredTable): string {
  return canonicalJson(Object.fromEntries(table.obligations));
}

/** The statement that makes the stage: `c<n>` for values, `o<n>` for the key before a rename. */
export function createStage(plan: TablePlan, stage: string): string {
  const columns = [
    ...plan.columns.map((column) => `c${column.index} ${column.castType}`),
    ...plan.key.map((column) => `o${column.index} ${column.castType}`),
  ];
  return `create temporary table ${stage} (${columns.join(', ')}) on commit delete rows`;
}
