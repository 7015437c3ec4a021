import type { ColumnObligation } from './delivery.ts';
import { canonicalTextOf, hasCanonicalText, type ValueKind } from './obligation-text.ts';
import type { Column } from './relation.ts';
import { treatText } from './treat-text.ts';

/** Turns a column's value into the one that may leave. Null stays null: whether a value is there is not governed. */
export type ValueTransform = (bytes: Buffer, kind: ValueKind) => Buffer | null;

const masked = Buffer.from('***');

/** What an obligation does to the values of a column, as they come over the wire: see treat-text.ts. */
export function obligationTransform(
  column: Column,
  obligation: ColumnObligation,
  key: Buffer | null,
): ValueTransform {
  // The two that need not know what the value is: values of every type can be kept back.
  if (obligation.type === 'drop') return () => null;
  if (obligation.type === 'mask') return () => masked;
  const treat = treatText(obligation, key);
  const text = canonicalTextOf(column);
  return (bytes, kind) => {
    const treated = treat(text(bytes, kind));
    return treated === null ? null : Buffer.from(treated);
  };
}

/** Why an obligation cannot be met on a column, or null. */
export function obligationFault(column: Column, obligation: ColumnObligation): string | null {
  const { type } = obligation;
  if (type === 'drop' || type === 'mask' || hasCanonicalText(column)) return null;
  return `values of type ${column.typeText} have no canonical text to ${type}; use drop or mask`;
}
