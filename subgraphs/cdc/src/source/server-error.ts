import pg from 'pg';

/** Reads the body of an ErrorResponse into the error that `pg` throws for its own queries. */
export function readServerError(bytes: Buffer, start: number, end: number): pg.DatabaseError {
  const fields = new Map<string, string>();
  let at = start;
  while (at < end && bytes[at] !== 0) {
    const zero = bytes.indexOf(0, at + 1);
    const stop = zero < 0 || zero > end ? end : zero;
    fields.set(String.fromCharCode(bytes[at] ?? 0), bytes.toString('utf8', at + 1, stop));
    at = stop + 1;
  }
  const error = new pg.DatabaseError(fields.get('M') ?? 'the server sent an error', end - start, 'error');
  error.severity = fields.get('V') ?? fields.get('S');
  error.code = fields.get('C');
  error.detail = fields.get('D');
  error.hint = fields.get('H');
  return error;
}

/** The SQLSTATE of a server's error, or undefined for any other. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** SQLSTATE or errno of an error in brackets, or nothing: what of it may be shown. A message may quote row values. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? ` (${error.code})`
    : '';
}
