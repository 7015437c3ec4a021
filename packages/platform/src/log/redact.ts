const secretKeys = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'password',
  'passwd',
  'secret',
  'token',
  'apikey',
  'sha256',
  'servicesecret',
  'streamsecret',
  'spine-signature',
  'spine-claims',
]);
const mark = '[redacted]';
const deepest = 8;

/** Takes the password out of every `scheme://user:password@host`, and `Bearer x` and signed tokens out of a text. */
export function redactText(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):[^\s/?#]*@/gi, `$1:${mark}@`)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${mark}`)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, mark)
    .replace(/([?&;\s](?:password|sslpassword|token|secret)=)[^\s&;]+/gi, `$1${mark}`);
}

/**
 * A copy fit to be written down: values of secret-bearing keys and credentials inside texts are replaced, errors become
 * plain objects that keep their causes but none of the properties in which drivers put row values.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (depth > deepest) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      secretKeys.has(key.toLowerCase()) ? mark : redact(member, depth + 1),
    ]),
  );
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const hide = (text: string): string => redactText(carriesValues(error) ? hideValues(text) : text);
  return {
    type: error.name,
    message: hide(error.message),
    ...('code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
      ? { code: error.code }
      : {}),
    ...(error.stack === undefined ? {} : { stack: hide(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
    ...(error instanceof AggregateError ? { errors: redact(error.errors, depth + 1) } : {}),
  };
}

/** Postgres quotes the offending value in data exceptions (class 22) and constraint violations (class 23). */
function carriesValues(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^2[23][0-9A-Z]{3}$/.test(error.code);
}

function hideValues(text: string): string {
  // An end that is missing ends with the text: looked for anew from each quote it would take quadratic time.
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)/gs, '"?"');
}
