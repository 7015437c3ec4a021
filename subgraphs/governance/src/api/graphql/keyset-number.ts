import { Problem } from '@spine/kernel/problem';

/** A whole number of a cursor's keyset. Throws CURSOR_INVALID for any other text. */
export function keysetNumber(value: string | undefined): bigint {
  if (value !== undefined && /^\d{1,18}$/.test(value)) return BigInt(value);
  throw new Problem('CURSOR_INVALID', 'the cursor was not handed out by this list', {
    fix: 'Use pageInfo.endCursor of the page before, or leave `after` out.',
    path: 'after',
  });
}
