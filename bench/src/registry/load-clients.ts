import { openConnection, type RequestBytes } from './http-connection.ts';

/** What a client asks next, and what the answer's status must be. */
export interface Asked {
  readonly request: RequestBytes;
  readonly status: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

export interface LoadOptions {
  readonly url: URL;
  readonly clients: number;
  readonly seconds: number;
  /** What the client asks in its nth request. */
  readonly next: (client: number, turn: number) => Asked;
  /** Requests a second of all clients together; without it each asks again as soon as it has its answer. */
  readonly pace?: number;
}

/**
 * Asks over one connection a client. With a pace the latency of a request counts from when it was due: a registry that
 * stalls is not excused because its clients wait for it.
 */
export async function loadClients({ url, clients, seconds, next, pace }: LoadOptions): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  const between = pace === undefined ? 0 : (clients * 1_000) / pace;

  const client = async (index: number): Promise<void> => {
    const connection = await openConnection(url);
    let dueAt = startedAt + (between * index) / clients;
    for (let turn = 0; ; turn++) {
      if (between > 0) {
        await until(dueAt);
        if (dueAt >= endsAt) break;
      } else if (performance.now() >= endsAt) break;
      const { request, status } = next(index, turn);
      const sentAt = between > 0 ? dueAt : performance.now();
      const answer = await connection.ask(request);
      latenciesMs.push(performance.now() - sentAt);
      if (answer.status !== status) {
        throw new Error(
          `${status} was expected, not ${answer.status}: ${answer.body.toString().slice(0, 300)}`,
        );
      }
      dueAt += between;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return { requests: latenciesMs.length, seconds: (performance.now() - startedAt) / 1_000, latenciesMs };
}

async function until(time: number): Promise<void> {
  const ms = time - performance.now();
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
