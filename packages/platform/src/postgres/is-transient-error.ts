import pg from 'pg';

/** SQLSTATE classes and codes of a server that is away, starting, stopping, full, or that asks to try again. */
const transientStates = /^(08|40|53|57P0[1235]|57P04|25006)/;
const brokenConnection =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/** Whether the same statement may succeed later, unchanged: the connection or the server failed, not the statement. */
export function isTransientError(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return transientStates.test(error.code ?? '');
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isTransientError);
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && brokenConnection.test(error.code)) return true;
  // pg gives these no code.
  return /^Connection terminated|timeout exceeded when trying to connect|^Client has encountered a connection error/i.test(
    error.message,
  );
}
