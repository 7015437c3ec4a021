import { Problem } from '@spine/kernel/problem';

/** A whole number from 1 on. Throws INPUT_INVALID. */
export function parseCount(option: string, text: string): number {
  const count = Number(text);
  if (/^[1-9]\d{0,8}$/.test(text)) return count;
  throw new Problem('INPUT_INVALID', `${option} ${text}: no count`, {
    fix: 'Give a whole number from 1 on.',
  });
}
