import { Problem } from '@spine/kernel/problem';
import { Forbidden, InvalidInput, NotFound } from '@spine/platform/graphql/shared-types';
import { InvalidSchema } from './publish-types.ts';

/** What a publish or a check answers, or the problem that its caller expects as a member of its result. */
export async function orFailure<Result>(
  act: () => Promise<Result>,
): Promise<Result | InvalidSchema | InvalidInput | Forbidden> {
  return await orMember(act, toFailure);
}

/** The same where nothing is read, and something may not be there. */
export async function orMissing<Result>(
  act: () => Promise<Result>,
): Promise<Result | NotFound | InvalidInput | Forbidden> {
  return await orMember(act, toMissing);
}

/** Answers, or makes a member of the result of the problem; what makes none of it stays a problem. */
export async function orMember<Result, Failure>(
  act: () => Promise<Result>,
  toMember: (problem: Problem) => Failure | undefined,
): Promise<Result | Failure> {
  try {
    return await act();
  } catch (error) {
    const member = error instanceof Problem ? toMember(error) : undefined;
    if (member === undefined) throw error;
    return member;
  }
}

/** A problem of a mutation about what is stored. */
export function toMissing(problem: Problem): NotFound | InvalidInput | Forbidden | undefined {
  const { code, message, path: pointer } = problem;
  switch (code) {
    case 'SUBJECT_NOT_FOUND':
    case 'VERSION_NOT_FOUND':
    case 'NOT_FOUND':
      return Object.assign(new NotFound(), {
        code,
        message,
        path: [code === 'VERSION_NOT_FOUND' ? 'version' : code === 'NOT_FOUND' ? 'name' : 'subject'],
      });
    case 'INPUT_INVALID':
    case 'NOT_SUPPORTED':
    case 'CONFLICT':
      return Object.assign(new InvalidInput(), { code, message, path: membersOf(pointer) });
    case 'FORBIDDEN':
      return Object.assign(new Forbidden(), { code, message, path: membersOf(pointer) });
    default:
      return undefined;
  }
}

function toFailure(problem: Problem): InvalidSchema | InvalidInput | Forbidden | undefined {
  const { code, message, path: pointer } = problem;
  switch (code) {
    case 'SCHEMA_INVALID':
    case 'SCHEMA_TOO_COMPLEX':
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
    case 'REFERENCE_UNKNOWN':
      return Object.assign(new InvalidInput(), { code, message, path: ['references'] });
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
  const members = membersOf(pointer);
  return members?.map((member) => (member === 'version' ? 'requestedVersion' : member)) ?? null;
}

function membersOf(pointer: string | undefined): string[] | null {
  return pointer === undefined || !pointer.startsWith('/') ? null : pointer.slice(1).split('/');
}
