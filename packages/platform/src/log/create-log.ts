import pino from 'pino';

/** Structured events, not prose: `log.info({ event: 'checkpoint.recorded', route, lsn })`. Never row values. */
export interface Log {
  debug(fields: LogFields): void;
  info(fields: LogFields): void;
  warn(fields: LogFields): void;
  error(fields: LogFields): void;
  child(fields: Readonly<Record<string, unknown>>): Log;
}

export interface LogFields {
  readonly event: string;
  readonly err?: unknown;
  readonly [field: string]: unknown;
}

export interface LogOptions {
  readonly service: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** JSON lines on stderr, so that stdout stays the command's own. Credentials in known places are taken out. */
export function createLog({ service, level }: LogOptions): Log {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: {
        paths: [
          'authorization',
          '*.authorization',
          'headers.authorization',
          'password',
          '*.password',
          'url',
          '*.url',
        ],
        censor: (value) => (typeof value === 'string' ? withoutCredentials(value) : '[redacted]'),
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** An error with its causes. The `detail` and `where` of Postgres errors are left out: they quote row values. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    message: withoutCredentials(error.message),
    ...(code !== undefined && { code }),
    stack: error.stack?.split('\n').slice(1, 6).join('\n'),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

function withoutCredentials(text: string): string {
  return /:\/\//.test(text) ? text.replace(/:\/\/[^@/\s]*@/g, '://***@') : text;
}
