import type { ErrorCode } from './generated/error-codes.ts';

/** An error as the gateway sends it in the answer to an operation. */
export interface GraphError {
  readonly message: string;
  /** Names of fields, and positions in lists, from the root down. */
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What else is known of a failure. */
export interface SpineErrorDetails {
  readonly errors?: readonly GraphError[];
  /** What was answered in spite of the errors: fields of a service that is away are null. */
  readonly data?: unknown;
  /** Of the HTTP answer, when there was one. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** An operation that was refused, failed in part, or found no gateway (code SERVICE_UNAVAILABLE). */
export class SpineError extends Error {
  override readonly name = 'SpineError';
  /** Of the first error. One of `errorCodes`; newer gateways may answer with others. */
  readonly code: ErrorCode | (string & {});
  /** Finds the request in the logs of the gateway. */
  readonly requestId: string | undefined;
  /** Every error of the answer. */
  readonly errors: readonly GraphError[];
  readonly data: unknown;
  readonly status: number | undefined;

  constructor(code: string, message: string, { errors = [], data, status, cause }: SpineErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.errors = errors;
    this.data = data;
    this.status = status;
    const requestId = errors.find(({ extensions }) => extensions?.['requestId'])?.extensions?.['requestId'];
    this.requestId = typeof requestId === 'string' ? requestId : undefined;
  }
}

/** The error of an answer that holds errors. */
export function errorOfAnswer(
  errors: readonly GraphError[],
  details: Omit<SpineErrorDetails, 'errors'> = {},
): SpineError {
  const [first] = errors;
  const code = first?.extensions?.['code'];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new SpineError(
    typeof code === 'string' ? code : 'INTERNAL',
    `${first?.message ?? 'the answer holds no data'}${more}`,
    { ...details, errors },
  );
}
