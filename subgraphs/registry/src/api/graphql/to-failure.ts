import type { Problem } from '@spine/kernel/problem';
import { Forbidden, InvalidInput } from '@spine/platform/graphql/shared-types';
import { InvalidSchema } from './publish-types.ts';

/** A problem that the caller of a mutation expects, as a member of its result; undefined for all others. */
export function toFailure(problem: Problem): InvalidSchema | InvalidInput | Forbidden | undefined {
  const { code, message, path: pointer } = problem;
  switch (code) {
    case 'SCHEMA_INVALID':
      // A name that no subject may have is a fault of the input around the schema.
      if (pointer === '/subject') {
        return Object.assign(new InvalidInput(), { code, message, path: ['subject'] });
      }
      return Object.assign(new InvalidSchema(), {
        code,
        message,
        path: ['schema'],
        pointer: pointer ?? null,
      });
    case 'INPUT_INVALID':
    case 'NOT_SUPPORTED':
    case 'CONFLICT':
      return Object.assign(new InvalidInput(), { code, message, path: inputPath(pointer) });
    case 'FORBIDDEN':
      return Object.assign(new Forbidden(), { code, message, path: inputPath(pointer) });
    default:
      return undefined;
  }
}

/** The members of a JSON pointer, in the words of the graph. */
function inputPath(pointer: string | undefined): string[] | null {
  if (pointer === undefined || !pointer.startsWith('/')) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((member) => (member === 'version' ? 'requestedVersion' : member));
}
