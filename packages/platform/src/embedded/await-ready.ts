import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { Postmaster, PostmasterExit } from './postmaster.ts';

const deadlineMs = 120_000;

/**
 * Resolves when a query succeeds on this very server, so that it is the log's language or a stranger on our port that
 * proves nothing. Ends early, with `exit`, when the server does; long crash recovery is waited for.
 */
export async function awaitReady(
  postmaster: Postmaster,
  url: string,
  dataDirectory: string,
): Promise<{ ready: true } | { ready: false; exit: PostmasterExit }> {
  const expected = await realpath(dataDirectory);
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const exit = postmaster.exit();
    if (exit !== undefined) return { ready: false, exit };
    // A stranger on our port may never answer, while our server has long given up.
    const answer = await Promise.race([askDataDirectory(url), postmaster.exited.then(() => null)]);
    if (answer === null) continue;
    if ('dataDirectory' in answer) {
      if ((await realpath(answer.dataDirectory).catch(() => '')) === expected) return { ready: true };
    } else if (isRefusal(answer.error)) {
      // It may have been a stranger who holds our port; then our own server is about to give up.
      const exit = await exitWithin(postmaster, 1_000);
      if (exit !== undefined) return { ready: false, exit };
      await postmaster.stop();
      throw new Problem('POSTGRES_START_FAILED', `Postgres on ${dataDirectory} does not take our password`, {
        fix: 'restore the password file of this home, or start with an empty SPINE_HOME',
        cause: answer.error,
      });
    }
    if (performance.now() > deadline) {
      await postmaster.stop();
      throw new Problem(
        'POSTGRES_START_FAILED',
        `Postgres on ${dataDirectory} answered no query for ${deadlineMs / 1000} s`,
        {
          fix: 'look at the load and the disk of this machine, then start again',
        },
      );
    }
    await sleep(15);
  }
}

async function exitWithin(postmaster: Postmaster, ms: number): Promise<PostmasterExit | undefined> {
  const timer = new AbortController();
  await Promise.race([
    postmaster.exited,
    sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
  return postmaster.exit();
}

async function askDataDirectory(url: string): Promise<{ dataDirectory: string } | { error: unknown }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return { dataDirectory: rows[0]?.data_directory ?? '' };
  } catch (error) {
    return { error };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '28P01' || error.code === '28000');
}
