import { Problem } from '@spine/kernel/problem';

/** Words that stand for something else in the path of a URL. */
const reserved: ReadonlySet<string> = new Set(['ids', 'types', 'guids', '.', '..']);

/** Holds a name to what a subject may be called: 1 to 255 printable characters, none of the reserved words. */
export function parseSubjectName(name: string): string {
  // Control and format characters, and halves of surrogate pairs, which no database text can hold.
  const isPlain = !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name) && name.trim() === name;
  if (name.length > 0 && name.length <= 255 && isPlain && !reserved.has(name)) return name;
  const message = reserved.has(name)
    ? `${JSON.stringify(name)} is reserved and cannot name a subject`
    : 'a subject is named by 1 to 255 printable characters, with no space at either end';
  throw new Problem('SCHEMA_INVALID', message, { fix: 'choose another name', path: '/subject' });
}
