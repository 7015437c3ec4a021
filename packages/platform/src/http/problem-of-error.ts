import { Problem } from '@spine/kernel/problem';
import type { ProblemCode } from '@spine/kernel/problem-codes';
import { isTransientError } from '../postgres/is-transient-error.ts';

/**
 * What a caller may know of anything that was thrown: a Problem as it is, the framework's refusals as ours, a database
 * that is away as SERVICE_UNAVAILABLE, everything else as INTERNAL without a word of the original, which is the `cause`.
 */
export function problemOfError(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isTransientError(error)) {
    return new Problem('SERVICE_UNAVAILABLE', 'what this service needs is not available now', {
      fix: 'Try again in a moment; /readyz says what is missing.',
      cause: error,
    });
  }
  const status = statusOf(error);
  if (status !== undefined && status >= 400 && status < 500) return refusal(error, status);
  return new Problem('INTERNAL', 'an error of ours; the log has it under the request id', {
    fix: 'Report it with the request id.',
    cause: error,
  });
}

interface Refusal {
  readonly code: ProblemCode;
  readonly message: string;
  readonly fix: string;
}

// What the framework refuses by itself, by its code, else by its status.
const refusals: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: 'INPUT_INVALID',
    message: 'the body is not valid JSON',
    fix: 'Send one JSON value in UTF-8.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'INPUT_INVALID',
    message: 'the body is empty, though its content type is application/json',
    fix: 'Send a JSON value, or leave the content type out.',
  },
  404: { code: 'NOT_FOUND', message: 'there is nothing at this path', fix: 'Check the path.' },
  413: {
    code: 'PAYLOAD_TOO_LARGE',
    message: 'the body is larger than accepted here',
    fix: 'Send less at once.',
  },
  415: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'the content type of the body is not accepted here',
    fix: 'Send application/json.',
  },
};

function refusal(error: unknown, status: number): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = refusals[code] ?? refusals[status];
  if (known !== undefined) return new Problem(known.code, known.message, { fix: known.fix, cause: error });
  const syntax = error instanceof SyntaxError;
  return new Problem('INPUT_INVALID', syntax ? 'the body is not valid JSON' : 'the request is malformed', {
    fix: syntax
      ? 'Send one JSON value in UTF-8.'
      : 'Check the request line, the headers and the length of the body.',
    cause: error,
  });
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
