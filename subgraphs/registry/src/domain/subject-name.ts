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
  refuseSecondName(name);
  // Control and format characters, and halves of surrogate pairs, which no database text can hold.
  const isPlain = !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name) && name.trim() === name;
  if (name.length > 0 && name.length <= 255 && isPlain) return name;
  throw invalid('a subject is named by 1 to 255 printable characters, with no space at either end');
}

/** Kafka clients name contexts in front of a subject. What they would store under another name, or as none, is no name here. */
function refuseSecondName(name: string): void {
  if (name.startsWith(':*:')) throw invalid(`${JSON.stringify(name)} means every context, and no subject`);
  const [, context, subject] = /^:(\.[^:]*):(.*)$/s.exec(name) ?? [];
  if (subject === '') throw invalid(`${JSON.stringify(name)} names a context, and no subject in it`);
  if (context === '.') {
    throw invalid(`${JSON.stringify(name)} lies in the default context, where it is called ${subject}`);
  }
}

function invalid(message: string): Problem {
  return new Problem('SCHEMA_INVALID', message, { fix: 'choose another name', path: '/subject' });
}
