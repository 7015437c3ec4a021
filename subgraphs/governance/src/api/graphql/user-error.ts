import { Problem } from '@spine/kernel/problem';
import { Forbidden, InvalidInput, NotFound, type UserError } from '@spine/platform/graphql/shared-types';

/** Fills one of the failures of a mutation. */
export function userError<T extends UserError>(
  failure: T,
  code: string,
  message: string,
  path: string[] | null = null,
): T {
  return Object.assign(failure, { code, message, path });
}

/** An expected Problem as the failure that a mutation answers; everything else rises. */
export function failureOf(error: unknown): NotFound | InvalidInput | Forbidden {
  if (!(error instanceof Problem)) throw error;
  const path = error.path === undefined ? null : ['input', error.path];
  switch (error.code) {
    case 'FORBIDDEN':
      return userError(new Forbidden(), error.code, error.message);
    case 'NOT_FOUND':
      return userError(new NotFound(), error.code, error.message, path);
    case 'INPUT_INVALID':
    case 'CONFLICT':
      return userError(new InvalidInput(), error.code, error.message, path);
    default:
      throw error;
  }
}
