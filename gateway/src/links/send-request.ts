import type { Dispatcher, Pool } from 'undici';

/** A whole answer of HTTP. */
export interface WholeAnswer {
  readonly status: number;
  readonly text: string;
}

export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Posts and reads the whole answer. Straight on undici's dispatcher: `pool.request` would make a stream, a table of
 * headers and five promises for each, a sixth of what the gateway spends on a request. Rejects with `broken(cause)` when
 * the connection failed before the first byte of the answer, else with the cause.
 */
export function sendRequest(
  pool: Pool,
  { path, headers, body }: Post,
  signal: AbortSignal,
  broken: (cause: unknown) => Error,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    let abort: ((reason?: Error) => void) | undefined;
    let status = 0;
    const chunks: Buffer[] = [];
    const onAbort = (): void => {
      reject(signal.reason);
      abort?.(asError(signal.reason));
    };
    const done = (): void => signal.removeEventListener('abort', onAbort);
    const handler: Dispatcher.DispatchHandler = {
      onConnect(cancel: (reason?: Error) => void) {
        abort = cancel;
        // It waited for a free connection, and nobody waits for it any more.
        if (signal.aborted) cancel(asError(signal.reason));
      },
      onHeaders(code: number) {
        status = code;
        return true;
      },
      onData(chunk: Buffer) {
        chunks.push(chunk);
        return true;
      },
      onComplete() {
        done();
        const [only] = chunks;
        const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
        resolve({ status, text: bytes.toString('utf8') });
      },
      onError(error: Error) {
        done();
        if (signal.aborted) reject(signal.reason);
        else reject(status === 0 && isBroken(error) ? broken(error) : error);
      },
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) return reject(signal.reason);
    pool.dispatch({ method: 'POST', path, headers, body }, handler);
  });
}

const brokenCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function isBroken(error: Error): boolean {
  if ('code' in error && typeof error.code === 'string' && brokenCodes.has(error.code)) return true;
  // Several addresses were tried (happy eyeballs): undici gathers what each said.
  return (
    error instanceof AggregateError && error.errors.some((each) => each instanceof Error && isBroken(each))
  );
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
