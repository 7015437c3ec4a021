import type { Problem } from '@spine/kernel/problem';
import type { ProblemCode } from '@spine/kernel/problem-codes';
import { problemOfError } from '@spine/platform/http/problem-of-error';
import { ConfluentError } from '../../domain/confluent/confluent-error.ts';

/** An error as a Kafka client gets it, and what is behind it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly error_code: number; readonly message: string };
  /** What it is in our own words; undefined where Confluent's words were chosen at once. */
  readonly problem: Problem | undefined;
}

/** Anything that was thrown, in the words of Confluent's registry; nothing of our insides. */
export function toErrorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof ConfluentError) {
    return {
      status: error.status,
      body: { error_code: error.errorCode, message: error.message },
      problem: undefined,
    };
  }
  const problem = problemOfError(error);
  const { status, code, message } = theirs[problem.code] ?? {};
  return {
    status: status ?? problem.status,
    body: { error_code: code ?? status ?? problem.status, message: message ?? problem.message },
    problem,
  };
}

interface Theirs {
  readonly status?: number;
  readonly code?: number;
  readonly message?: string;
}

const theirs: Readonly<Partial<Record<ProblemCode, Theirs>>> = {
  UNAUTHENTICATED: { code: 40101 },
  FORBIDDEN: { code: 40301 },
  NOT_FOUND: { message: 'HTTP 404 Not Found' },
  METHOD_NOT_ALLOWED: { message: 'HTTP 405 Method Not Allowed' },
  NOT_ACCEPTABLE: { message: 'HTTP 406 Not Acceptable' },
  UNSUPPORTED_MEDIA_TYPE: { message: 'HTTP 415 Unsupported Media Type' },
  SCHEMA_INVALID: { code: 42201 },
  SCHEMA_TOO_COMPLEX: { code: 42201 },
  REFERENCE_UNKNOWN: { code: 42201 },
  NOT_SUPPORTED: { status: 422, code: 42201 },
  PAYLOAD_TOO_LARGE: { status: 422, code: 42209 },
  CONFLICT: { status: 422, code: 42205 },
  // Their clients try again after these statuses.
  SERVICE_UNAVAILABLE: { status: 503, code: 50001 },
  TIMEOUT: { status: 504, code: 50002 },
  INTERNAL: { status: 500, code: 50001 },
};
