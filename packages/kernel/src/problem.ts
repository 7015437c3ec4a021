import { type ProblemCode, problemCodes } from './problem-codes.ts';

export interface ProblemOptions {
  /** What to do next, in one sentence. */
  readonly fix?: string;
  /** Where in the input: a JSON pointer or a key path. */
  readonly path?: string;
  /** Extra members of the problem document (RFC 9457); never row values. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error that a caller can act on. Everything else that is thrown is our bug or the world's fault. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly fix: string | undefined;
  readonly path: string | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fix = options.fix;
    this.path = options.path;
    this.extensions = options.extensions ?? {};
  }

  /** HTTP status of the code. */
  get status(): number {
    return problemCodes[this.code];
  }
}
