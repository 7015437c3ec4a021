/** A JSON log line as a person reads it: `12:00:01 warn  registry postgres.connection_lost schema=registry`. */
export function prettyLine(line: string): string {
  const entry: unknown = JSON.parse(line);
  if (entry === null || typeof entry !== 'object') return line;
  const { at, level, service, event, err, ...rest } = Object.fromEntries(Object.entries(entry));
  const fields = Object.entries(rest).map(([key, value]) => `${key}=${text(value)}`);
  const error =
    err !== null && typeof err === 'object' && 'message' in err ? [`err=${text(err.message)}`] : [];
  const time = String(at).slice(11, 19);
  return `${[time, String(level).padEnd(5), String(service), String(event), ...fields, ...error].join(' ')}\n`;
}

function text(value: unknown): string {
  return typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value);
}
