import { createHmac } from 'node:crypto';
import { invariant, unreachable } from '@spine/kernel/invariant';
import type { ColumnObligation } from './delivery.ts';
import { canonicalTextOf, hasCanonicalText, type ValueKind } from './obligation-text.ts';
import type { Column } from './relation.ts';

/** Turns a column's value into the one that may leave. Null stays null: whether a value is there is not governed. */
export type ValueTransform = (bytes: Buffer, kind: ValueKind) => Buffer | null;

const masked = Buffer.from('***');

/**
 * What an obligation does to the values of a column. `drop` removes the value, `mask` puts `***` in its place, `hash` gives
 * the HMAC-SHA-256 of its canonical text as 64 hex digits: the same value hashes the same, whatever its column.
 */
export function obligationTransform(
  column: Column,
  obligation: ColumnObligation,
  key: Buffer | null,
): ValueTransform {
  switch (obligation.type) {
    case 'drop':
      return () => null;
    case 'mask':
      return () => masked;
    case 'hash': {
      invariant(key !== null, 'a hashed column has a key');
      const text = canonicalTextOf(column);
      return (bytes, kind) =>
        Buffer.from(createHmac('sha256', key).update(text(bytes, kind)).digest('hex'), 'latin1');
    }
    default:
      return unreachable(obligation);
  }
}

/** Why an obligation cannot be met on a column, or null. */
export function obligationFault(column: Column, obligation: ColumnObligation): string | null {
  if (obligation.type !== 'hash' || hasCanonicalText(column)) return null;
  return `values of type ${column.typeText} have no canonical text to hash; use drop or mask`;
}
