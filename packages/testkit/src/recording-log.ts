import type { Log } from '@spine/platform/log/create-log';

type Writer = Pick<Log, 'debug' | 'info' | 'warn' | 'error'>;

/** A log for tests: prints nothing, keeps every entry in order. */
export interface RecordingLog extends Writer {
  readonly entries: readonly { readonly level: string; readonly fields: unknown }[];
}

/** Makes an empty recording log. */
export function createRecordingLog(): RecordingLog {
  const entries: { level: string; fields: unknown }[] = [];
  const at =
    (level: string) =>
    (fields: unknown): void => {
      entries.push({ level, fields });
    };
  return { entries, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
