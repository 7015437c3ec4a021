import { Problem } from '@spine/kernel/problem';

/** Words that stand for something else in the path of a URL: these by what Kafka clients call. */
const confluentPaths: Readonly<Record<string, string>> = {
  ids: '/schemas/ids/{id}',
  types: '/schemas/types',
  guids: '/schemas/guids/{guid}',
};

/** Holds a name to what a subject may be called: 1 to 255 printable characters, none of the reserved words. */
export function parseSubjectName(name: string): string {
  const path = Object.hasOwn(confluentPaths, name) ? confluentPaths[name] : undefined;
  if (path !== undefined) {
    throw invalid(
      `${JSON.stringify(name)} is reserved and cannot name a subject: ${path} is what Kafka clients call`,
    );
  }
  if (name === '.' || name === '..') throw invalid(`${JSON.stringify(name)} cannot name a subject`);
  // Control and format characters, and halves of surrogate pairs, which no database text can hold.
  const isPlain = !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name) && name.trim() === name;
  if (name.length > 0 && name.length <= 255 && isPlain) return name;
  throw invalid('a subject is named by 1 to 255 printable characters, with no space at either end');
}

function invalid(message: string): Problem {
  return new Problem('SCHEMA_INVALID', message, { fix: 'choose another name', path: '/subject' });
}
