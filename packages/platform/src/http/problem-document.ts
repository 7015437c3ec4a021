import { Problem } from '@spine/kernel/problem';
import { type ProblemCode, problemCodes } from '@spine/kernel/problem-codes';

/** An error as HTTP callers get it (RFC 9457). `code` is what programs look at, `fix` what people do next. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly fix?: string;
  readonly path?: string;
  readonly requestId?: string;
  readonly [extension: string]: unknown;
}

/** The media type of problem documents. */
export const problemMediaType = 'application/problem+json';

/** Writes a problem down; extensions never displace the members of the standard. */
export function toProblemDocument(problem: Problem, requestId?: string): ProblemDocument {
  return {
    ...problem.extensions,
    type: `urn:spine:problem:${problem.code}`,
    title: titleOf(problem.code),
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    ...(problem.fix === undefined ? {} : { fix: problem.fix }),
    ...(problem.path === undefined ? {} : { path: problem.path }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Reads a problem back as its sender threw it; undefined if the value is no problem document of ours. */
export function fromProblemDocument(value: unknown): Problem | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { type, title, status, detail, code, fix, path, requestId, ...extensions } = Object.fromEntries(
    Object.entries(value),
  );
  if (typeof code !== 'string' || !isProblemCode(code)) return undefined;
  return new Problem(code, typeof detail === 'string' ? detail : titleOf(code), {
    ...(typeof fix === 'string' ? { fix } : {}),
    ...(typeof path === 'string' ? { path } : {}),
    extensions: { ...extensions, ...(requestId === undefined ? {} : { peerRequestId: requestId }) },
  });
}

/** Whether a text is one of the documented problem codes. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemCodes, code);
}

function titleOf(code: ProblemCode): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
