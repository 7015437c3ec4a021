import { Problem } from '@spine/kernel/problem';
import type { ColumnObligation, DeliveredTable } from './delivery.ts';
import { obligationFault } from './obligation-transform.ts';
import type { Column, Relation } from './relation.ts';

/** Strictest last: when rules ask for several on one column, the last of this order holds. */
const strictness = ['mask', 'hash', 'drop'] as const;

/**
 * The delivered shape of a table under the obligations of an allow (`fields` are column names). Throws
 * Problem('OBLIGATION_INVALID') for one that cannot be met: nothing may leave then.
 */
export function deliveredTable(
  relation: Relation,
  obligations: readonly { readonly type: string; readonly fields: readonly string[] }[],
  obligationKey: Buffer | null,
  contractVersion: number,
): DeliveredTable {
  const byColumn = new Map<string, ColumnObligation>();
  for (const { type, fields } of obligations) {
    const obligation = parseObligation(type);
    for (const field of fields) {
      const column = relation.columns.find((candidate) => candidate.name === field);
      if (column === undefined) throw invalid(relation, field, `${type} names a column that does not exist`);
      check(relation, column, obligation);
      byColumn.set(field, stricter(byColumn.get(field), obligation));
    }
  }
  const hashed = [...byColumn].find(([, obligation]) => obligation.type === 'hash');
  if (hashed !== undefined && obligationKey === null) {
    throw invalid(relation, hashed[0], 'hash needs a key', 'Set `obligationKey: env:NAME` in spine.yaml.');
  }
  return {
    relation,
    obligations: byColumn,
    obligationKey: hashed === undefined ? null : obligationKey,
    contractVersion,
  };
}

function check(relation: Relation, column: Column, obligation: ColumnObligation): void {
  if (relation.key.includes(column.index) && obligation.type !== 'hash') {
    throw invalid(
      relation,
      column.name,
      `${obligation.type} on a key column would make rows one another`,
      'Use `hash` on key columns.',
    );
  }
  const fault = obligationFault(column, obligation);
  if (fault !== null) throw invalid(relation, column.name, fault);
}

function parseObligation(type: string): ColumnObligation {
  if (type === 'drop' || type === 'mask' || type === 'hash') return { type };
  throw new Problem('OBLIGATION_INVALID', `the obligation ${JSON.stringify(type)} is not known here`, {
    fix: 'Use drop, mask or hash.',
  });
}

function stricter(known: ColumnObligation | undefined, next: ColumnObligation): ColumnObligation {
  if (known === undefined) return next;
  return strictness.indexOf(known.type) > strictness.indexOf(next.type) ? known : next;
}

function invalid(relation: Relation, column: string, what: string, fix?: string): Problem {
  return new Problem('OBLIGATION_INVALID', `${relation.schema}.${relation.table}.${column}: ${what}`, {
    fix: fix ?? 'Correct the obligations of the rule in spine.yaml.',
  });
}
