import { Problem } from '@spine/kernel/problem';
import type { FastifyError } from 'fastify';

/** An RFC 9457 document. `code`, `fix`, `requestId` and the problem's own extensions are its extension members. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly [extension: string]: unknown;
}

/** What the caller is told of an error. Only Problems speak for themselves; of anything else nothing leaks but the request id. */
export function problemDocument(error: unknown, requestId: string): ProblemDocument {
  const problem = error instanceof Problem ? error : problemOf(error);
  const { code, status, message, fix, path, extensions } = problem;
  return {
    ...extensions,
    type: `https://data-spine.dev/problems/${code.toLowerCase().replaceAll('_', '-')}`,
    title: code.toLowerCase().replaceAll('_', ' '),
    status,
    detail: message,
    code,
    ...(fix !== undefined && { fix }),
    ...(path !== undefined && { path }),
    requestId,
  };
}

/** Fastify's own refusals as Problems of ours; everything unexpected as INTERNAL. */
function problemOf(error: unknown): Problem {
  const { statusCode, code } = isFastifyError(error) ? error : { statusCode: 500, code: '' };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new Problem('PAYLOAD_TOO_LARGE', 'the request body is too large', { fix: 'Send less at once.' });
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new Problem('UNSUPPORTED_MEDIA_TYPE', 'the content type is not known here', {
      fix: 'Send application/json.',
    });
  }
  if (statusCode === 400) {
    return new Problem('INPUT_INVALID', 'the request cannot be read', {
      fix: 'Send a body that is valid JSON and parameters of the documented shape.',
    });
  }
  if (statusCode === 404) return new Problem('NOT_FOUND', 'there is nothing here');
  return new Problem('INTERNAL', 'an unexpected error; the request id finds its cause in the log');
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
