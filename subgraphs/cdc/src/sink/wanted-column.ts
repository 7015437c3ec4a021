import { Problem } from '@spine/kernel/problem';
import type { DeliveredTable } from '../domain/delivery.ts';
import { obligationTransform, type ValueTransform } from '../domain/obligation-transform.ts';
import { type Column, tableKey } from '../domain/relation.ts';

/** A column as the delivered shape wants it at the sink. */
export interface WantedColumn {
  readonly name: string;
  /** Its place in a tuple of the source. */
  readonly index: number;
  /** Type with modifier, as format_type() prints it. */
  readonly typeText: string;
  /** An enum that has to stand at the sink first (also for arrays of it), with its labels in order. */
  readonly enumType: { readonly name: string; readonly labels: readonly string[] } | null;
  readonly isKey: boolean;
  /** What an obligation does to each value; null when it leaves as it is. */
  readonly transform: ValueTransform | null;
}

/** Names of the types that a table's columns want: what to ask the sink about. */
export function wantedTypes(table: DeliveredTable): readonly string[] {
  return table.relation.columns.map(sourceTypeText);
}

/**
 * The columns of the sink table: the contract's and nothing else. A domain becomes its base type, an enum is created, what is
 * hashed or masked is text. `hasType` says what the sink knows; a type that it lacks and that we cannot create is a Problem.
 */
export function wantedColumns(
  table: DeliveredTable,
  hasType: (typeText: string) => boolean,
): readonly WantedColumn[] {
  return table.relation.columns.map((column) => wantedColumn(table, column, hasType));
}

function wantedColumn(
  table: DeliveredTable,
  column: Column,
  hasType: (typeText: string) => boolean,
): WantedColumn {
  const obligation = table.obligations.get(column.name);
  const typeText = sourceTypeText(column);
  const plain = { name: column.name, index: column.index, isKey: table.relation.key.includes(column.index) };
  const transform =
    obligation === undefined ? null : obligationTransform(column, obligation, table.obligationKey);
  // What a dropped column's type was matters to nobody once its values are gone; keep it where the sink has it.
  const asText = obligation !== undefined && (obligation.type !== 'drop' || !hasType(typeText));
  if (asText) return { ...plain, typeText: 'text', enumType: null, transform };
  if (column.enumLabels !== undefined && obligation === undefined) {
    const enumType = { name: typeText.replace(/(\[\])+$/, ''), labels: column.enumLabels };
    return { ...plain, typeText, enumType, transform };
  }
  if (hasType(typeText)) return { ...plain, typeText, enumType: null, transform };
  throw new Problem(
    'SINK_TABLE_CONFLICT',
    `${tableKey(table.relation)}.${column.name}: the sink has no type ${typeText}`,
    {
      fix: `Create the type ${typeText} at the sink (its extension, if it comes from one), or let a rule drop or mask the column.`,
    },
  );
}

function sourceTypeText(column: Column): string {
  return column.baseTypeText ?? column.typeText;
}
