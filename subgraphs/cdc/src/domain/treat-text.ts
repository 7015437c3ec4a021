import { createHmac } from 'node:crypto';
import { invariant, unreachable } from '@spine/kernel/invariant';
import type { ColumnObligation } from './delivery.ts';
import { tokenInFormat, tokensUnder } from './tokenise.ts';

/** What an obligation makes of the canonical text of a value: what stands at the sink. Null is nothing. */
export type TreatText = (text: Buffer | string) => string | null;

/**
 * `drop` removes the value, `mask` puts `***` in its place, `hash` gives the HMAC-SHA-256 of its text as 64 hex digits,
 * `tokenise` a token (tokenise.ts), `truncate` its first characters. The same text is treated the same, whatever its column:
 * tables can still be joined.
 */
export function treatText(obligation: ColumnObligation, key: Buffer | null): TreatText {
  switch (obligation.type) {
    case 'drop':
      return () => null;
    case 'mask':
      return () => '***';
    case 'hash': {
      invariant(key !== null, 'a hashed column has a key');
      return (text) => createHmac('sha256', key).update(text).digest('hex');
    }
    case 'tokenise': {
      invariant(key !== null, 'a tokenised column has a key');
      return obligation.keep === 'format' ? (text) => tokenInFormat(key, text.toString()) : tokensUnder(key);
    }
    case 'truncate':
      return (text) => firstCharacters(text.toString(), obligation.to);
    default:
      return unreachable(obligation);
  }
}

/** Code points, so that none is cut in two. */
function firstCharacters(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** Whether an obligation is met by the key of the route. */
export function needsKey(obligation: ColumnObligation): boolean {
  return obligation.type === 'hash' || obligation.type === 'tokenise';
}
