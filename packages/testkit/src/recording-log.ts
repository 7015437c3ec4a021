import type { Log, LogFields } from '@spine/platform/log/create-log';

/** One thing that was logged, with the fields of the child it was logged through. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: LogFields;
}

/** A log for tests: prints nothing, keeps every entry in order. */
export interface RecordingLog extends Log {
  readonly entries: readonly LogEntry[];
  /** Forgets what was kept so far. */
  clear(): void;
}

/** Makes an empty recording log; its children record into it. */
export function createRecordingLog(): RecordingLog {
  const entries: LogEntry[] = [];
  return {
    entries,
    clear() {
      entries.length = 0;
    },
    ...writers(entries, {}),
  };
}

function writers(entries: LogEntry[], base: Readonly<Record<string, unknown>>): Log {
  const at =
    (level: LogEntry['level']) =>
    (fields: LogFields): void => {
      entries.push({ level, fields: { ...base, ...fields } });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => writers(entries, { ...base, ...fields }),
  };
}
