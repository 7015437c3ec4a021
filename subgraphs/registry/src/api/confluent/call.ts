import type { Profile } from '../../domain/check-rules.ts';
import { profiles } from '../../domain/check-rules.ts';
import {
  ConfluentError,
  invalidSubject,
  invalidVersion,
  nothingThere,
} from '../../domain/confluent/confluent-error.ts';
import { defaultContext, parseContext, qualifySubject } from '../../domain/confluent/qualified-subject.ts';

/** One request of a Kafka client, its parts read the way that Confluent's registry reads them. */
export interface Call {
  /** The context that the path lies in; `.` outside of /contexts. */
  readonly context: string;
  /** Who asks. */
  readonly by: string;
  readonly isSteward: boolean;
  readonly body: unknown;
  /** A part of the path. */
  part(name: string): string;
  /** The subject in the path, by its qualified name. Throws 42208 for one that nobody could mean. */
  subject(): string;
  /** The version in the path. Throws 42202. */
  version(): number | 'latest';
  /** A whole number in the path. Throws 404, as a path that leads nowhere. */
  number(name: string): number;
  /** A word of the query, the first where there are several. */
  word(name: string): string | undefined;
  words(name: string): readonly string[];
  flag(name: string): boolean;
  /** Like `flag`, where it makes a difference that nothing was said. */
  choice(name: string): boolean | undefined;
  /** The part of a list that `offset` and `limit` ask for; a negative limit is none. */
  page<Item>(items: readonly Item[]): readonly Item[];
  profile(): Profile | undefined;
}

/** Reads a request. */
export function createCall(request: {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly by: string;
  readonly isSteward: boolean;
}): Call {
  const words = (name: string): readonly string[] => valuesOf(request.query, name);
  const part = (name: string): string => valuesOf(request.params, name)[0] ?? '';
  const named = part('context');
  const context = named === '' ? defaultContext : parseContext(named);
  const choice = (name: string): boolean | undefined => {
    const [word] = words(name);
    return word === undefined ? undefined : word.toLowerCase() === 'true';
  };
  const wholeNumber = (word: string): number => {
    if (!/^-?\d{1,10}$/.test(word)) throw nothingThere();
    return Number(word);
  };
  return {
    context,
    by: request.by,
    isSteward: request.isSteward,
    body: request.body,
    part,
    subject: () => parseSubject(part('subject'), context),
    version: () => parseVersion(part('version')),
    number: (name) => wholeNumber(part(name)),
    word: (name) => words(name)[0],
    words,
    flag: (name) => choice(name) ?? false,
    choice,
    page(items) {
      const [offset, limit] = [
        wholeNumber(words('offset')[0] ?? '0'),
        wholeNumber(words('limit')[0] ?? '-1'),
      ];
      const start = Math.max(0, offset);
      return items.slice(start, limit < 0 ? undefined : start + limit);
    },
    profile() {
      const [word] = words('profile');
      const profile = profiles.find((each) => each === word);
      if (word !== undefined && profile === undefined) {
        throw new ConfluentError(
          422,
          422,
          `there is no profile ${JSON.stringify(word)}: use ${profiles.join(' or ')}`,
        );
      }
      return profile;
    },
  };
}

/** What Fastify read under a name: these are texts already, so that no shape is needed where every microsecond counts. */
function valuesOf(read: unknown, name: string): readonly string[] {
  const value: unknown = read !== null && typeof read === 'object' ? Reflect.get(read, name) : undefined;
  return [value].flat().filter((each) => typeof each === 'string');
}

function parseSubject(name: string, context: string): string {
  // Control characters, and what no database text can hold.
  if (name.length > 1024 || /[\p{Cc}\p{Cs}]/u.test(name)) throw invalidSubject(name);
  return qualifySubject(name, context);
}

function parseVersion(word: string): number | 'latest' {
  const trimmed = word.trim().toLowerCase();
  if (trimmed === 'latest' || trimmed === '-1') return 'latest';
  const version = /^[1-9]\d{0,9}$/.test(trimmed) ? Number(trimmed) : 0;
  if (version < 1 || version > 2 ** 31 - 1) throw invalidVersion(word);
  return version;
}
