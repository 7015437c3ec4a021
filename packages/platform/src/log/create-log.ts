import { pino } from 'pino';
import { prettyLine } from './pretty-line.ts';
import { redact } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What is logged: an event's name, `area.what_happened`, and its data; `err` holds an error, causes and all. */
export type LogFields = { readonly event: string } & Readonly<Record<string, unknown>>;

/** Structured events, never prose. Secrets and row values do not pass (see `redact`). */
export interface Log {
  debug(fields: LogFields): void;
  info(fields: LogFields): void;
  warn(fields: LogFields): void;
  error(fields: LogFields): void;
  /** The same log with more fields in every event. */
  child(fields: Readonly<Record<string, unknown>>): Log;
}

export interface LogOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** One readable line an event instead of JSON. */
  readonly pretty?: boolean;
  /** Where lines go; standard error by default: standard output belongs to what a command answers. */
  readonly write?: (line: string) => void;
}

/** Makes a log that writes one JSON line an event, synchronously: what was logged before a crash is there after it. */
export function createLog({ service, level, pretty = false, write }: LogOptions): Log {
  const out = write ?? ((line: string) => void process.stderr.write(line));
  const destination = { write: pretty ? (line: string) => out(prettyLine(line)) : out };
  const options = {
    level,
    base: { service },
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // Errors are made plain by redact; pino's own serialiser would print every property of a driver's error.
    serializers: { err: (value: unknown) => value },
  };
  const root: PinoLog = pino(options, destination);
  return wrap(() => root);
}

type PinoLog = ReturnType<typeof pino>;

function wrap(open: () => PinoLog): Log {
  const at =
    (level: Exclude<LogLevel, 'silent'>) =>
    (fields: LogFields): void => {
      const log = open();
      if (log.isLevelEnabled(level)) log[level](redact(fields));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child(fields) {
      // Made at its first event: each request has a child, and most log nothing.
      let made: PinoLog | undefined;
      return wrap(() => {
        made ??= open().child(
          Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redact(value)])),
        );
        return made;
      });
    },
  };
}
