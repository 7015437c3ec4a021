import { Problem } from '@spine/kernel/problem';
import { FencedOut } from '../sink/sink.ts';
import { RestartRoute } from './route-context.ts';

/** A refusal of data by the sink: the same rows would be refused again. Postgres classes 22, 23, 42. */
export class DataRefused extends Error {
  override readonly name = 'DataRefused';
  readonly sqlState: string;
  constructor(sqlState: string, cause: unknown) {
    super(`the sink refused the data (SQLSTATE ${sqlState})`, { cause });
    this.sqlState = sqlState;
  }
}

/** Names the source as the place of a fault of the world; our own signals and Problems pass unchanged. */
export async function fromSource<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    if (isOurs(error)) throw error;
    throw new Problem('SOURCE_UNREACHABLE', `the source failed${describe(error)}`, {
      fix: 'The route retries by itself; check that the source runs and accepts connections.',
      cause: error,
    });
  });
}

/** Names the sink as the place of a fault, and tells refused data from an outage. */
export async function fromSink<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    if (isOurs(error)) throw error;
    const state = sqlStateOf(error);
    if (state !== null && /^(22|23|42)/.test(state)) throw new DataRefused(state, error);
    throw new Problem('SINK_UNREACHABLE', `the sink failed${describe(error)}`, {
      fix: 'The route retries by itself and catches up; check that the sink runs and accepts connections.',
      cause: error,
    });
  });
}

function isOurs(error: unknown): boolean {
  return (
    error instanceof Problem ||
    error instanceof FencedOut ||
    error instanceof RestartRoute ||
    error instanceof DataRefused ||
    (error instanceof Error && error.name === 'AbortError')
  );
}

/** SQLSTATE or errno only: a message of Postgres may quote row values. */
function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}

function sqlStateOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
