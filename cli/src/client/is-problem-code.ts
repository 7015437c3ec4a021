import { type ProblemCode, problemCodes } from '@spine/kernel/problem-codes';

/** Whether a word is one of our problem codes. */
export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(problemCodes, code);
}
