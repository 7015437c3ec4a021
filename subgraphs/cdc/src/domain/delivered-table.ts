import { Problem } from '@spine/kernel/problem';
import type { ColumnObligation, DeliveredTable } from './delivery.ts';
import { obligationFault } from './obligation-transform.ts';
import type { Column, Relation } from './relation.ts';
import { needsKey } from './treat-text.ts';

/** Strictest last: when rules ask for several on one column, the last of this order holds. */
const strictness = ['truncate', 'mask', 'hash', 'tokenise', 'drop'] as const;

/** What a decision demands of columns, by their names. */
export interface DemandedObligation {
  readonly type: string;
  readonly fields: readonly string[];
  readonly keep?: 'format';
  readonly to?: number;
}

/**
 * The delivered shape of a table under the obligations of an allow (`fields` are column names). Throws
 * Problem('OBLIGATION_INVALID') for one that cannot be met: nothing may leave then.
 */
export function deliveredTable(
  relation: Relation,
  obligations: readonly DemandedObligation[],
  obligationKey: Buffer | null,
  contractVersion: number,
): DeliveredTable {
  const byColumn = new Map<string, ColumnObligation>();
  for (const demanded of obligations) {
    const obligation = parseObligation(demanded);
    for (const field of demanded.fields) {
      const column = relation.columns.find((candidate) => candidate.name === field);
      if (column === undefined) {
        throw invalid(relation, field, `${obligation.type} names a column that does not exist`);
      }
      check(relation, column, obligation);
      byColumn.set(field, stricter(byColumn.get(field), obligation));
    }
  }
  const keyed = [...byColumn].find(([, obligation]) => needsKey(obligation));
  if (keyed !== undefined && obligationKey === null) {
    const [column, { type }] = keyed;
    throw invalid(relation, column, `${type} needs a key`, 'Set `obligationKey: env:NAME` in spine.yaml.');
  }
  return {
    relation,
    obligations: byColumn,
    obligationKey: keyed === undefined ? null : obligationKey,
    contractVersion,
  };
}

function check(relation: Relation, column: Column, obligation: ColumnObligation): void {
  if (relation.key.includes(column.index) && !keepsApart(obligation)) {
    const { type } = obligation;
    const what = type === 'tokenise' ? 'tokenise that keeps the format' : type;
    throw invalid(
      relation,
      column.name,
      `${what} on a key column could make two rows one`,
      'Use `hash`, or `tokenise` without `keep`, on key columns.',
    );
  }
  const fault = obligationFault(column, obligation);
  if (fault !== null) throw invalid(relation, column.name, fault);
}

/** Whether two values can never become one. */
function keepsApart(obligation: ColumnObligation): boolean {
  return obligation.type === 'hash' || (obligation.type === 'tokenise' && obligation.keep === undefined);
}

function parseObligation({ type, keep, to }: DemandedObligation): ColumnObligation {
  if (type === 'drop' || type === 'mask' || type === 'hash') return { type };
  if (type === 'tokenise') return keep === undefined ? { type } : { type, keep };
  if (type === 'truncate' && to !== undefined) return { type, to };
  throw new Problem('OBLIGATION_INVALID', `the obligation ${JSON.stringify(type)} is not known here`, {
    fix: 'Use drop, tokenise, hash, mask, or truncate with `to`.',
  });
}

function stricter(known: ColumnObligation | undefined, next: ColumnObligation): ColumnObligation {
  if (known === undefined) return next;
  // Of two tokens the one that tells nothing of the format.
  if (known.type === 'tokenise' && next.type === 'tokenise') return known.keep === undefined ? known : next;
  if (known.type === 'truncate' && next.type === 'truncate') return known.to <= next.to ? known : next;
  return strictness.indexOf(known.type) > strictness.indexOf(next.type) ? known : next;
}

function invalid(relation: Relation, column: string, what: string, fix?: string): Problem {
  return new Problem('OBLIGATION_INVALID', `${relation.schema}.${relation.table}.${column}: ${what}`, {
    fix: fix ?? 'Correct the obligations of the rule in spine.yaml.',
  });
}
