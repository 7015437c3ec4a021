import { Problem } from '@spine/kernel/problem';
import { GraphQLError } from 'graphql';
import { problemOfError } from '../http/problem-of-error.ts';
import type { Log } from '../log/create-log.ts';

/**
 * Errors as a GraphQL caller may see them: `extensions { code, fix, requestId }` and the extensions of the Problem. What
 * is not a Problem becomes INTERNAL (or SERVICE_UNAVAILABLE while a database is away) and is logged here, once, with its
 * cause. An error that is GraphQL's own (syntax, validation, a variable) is the caller's mistake and keeps its text.
 */
export function maskErrors(
  errors: readonly unknown[],
  { requestId, log }: { readonly requestId: string; readonly log: Pick<Log, 'error'> },
): readonly GraphQLError[] {
  return errors.map((error) => {
    const located = error instanceof GraphQLError ? error : undefined;
    const original = located === undefined ? error : located.originalError;
    const problem =
      original === undefined || original === null ? ownProblem(error) : problemOfError(original);
    if (problem.code === 'INTERNAL') {
      log.error({
        event: 'graphql.failed',
        requestId,
        path: located?.path?.join('.') ?? null,
        err: original ?? error,
      });
    }
    return new GraphQLError(problem.message, {
      ...(located === undefined
        ? {}
        : {
            nodes: located.nodes ?? null,
            source: located.source ?? null,
            positions: located.positions ?? null,
            path: located.path ?? null,
          }),
      extensions: {
        ...problem.extensions,
        code: problem.code,
        ...(problem.fix === undefined ? {} : { fix: problem.fix }),
        ...(problem.path === undefined ? {} : { inputPath: problem.path }),
        requestId,
      },
    });
  });
}

/** GraphQL's own error: bad text or values of the caller when it is bound to no result, ours when it is. */
function ownProblem(error: unknown): Problem {
  if (error instanceof GraphQLError && error.path === undefined) {
    return new Problem('INPUT_INVALID', error.message);
  }
  return problemOfError(error);
}
