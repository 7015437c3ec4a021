import { Pool } from 'undici';
import type { GatewayProcess } from '../graph/gateway-process.ts';

/** One operation; `tag` is another in each request, so that no gateway answers two requests at once with one. */
export interface Scenario {
  readonly name: string;
  readonly query: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

let asked = 0;

/** Asks a gateway over 16 connections, each with its next request as soon as it has its answer. */
export async function load(
  gateway: GatewayProcess,
  { query }: Scenario,
  seconds: number,
): Promise<LoadResult> {
  const pool = new Pool(gateway.url, { connections: 16, pipelining: 1 });
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  const connection = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      const answer = await ask(pool, gateway, query);
      latenciesMs.push(performance.now() - sentAt);
      // Bytes, not trees: the load generator's time is taken from the gateway's cores.
      if (!answer.startsWith('{"data"')) throw new Error(`${gateway.name} answered ${answer.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, connection));
  const measured = (performance.now() - startedAt) / 1_000;
  await pool.close();
  return { requests: latenciesMs.length, seconds: measured, latenciesMs };
}

/** The answer's data, to compare gateways before any of them is timed. */
export async function answerOf(gateway: GatewayProcess, { query }: Scenario): Promise<unknown> {
  const pool = new Pool(gateway.url);
  try {
    const text = await ask(pool, gateway, query);
    const { data, errors }: { data: unknown; errors?: unknown } = JSON.parse(text);
    if (data == null || errors !== undefined)
      throw new Error(`${gateway.name} answered ${text.slice(0, 500)}`);
    return data;
  } finally {
    await pool.close();
  }
}

async function ask(pool: Pool, { headers }: GatewayProcess, query: string): Promise<string> {
  asked += 1;
  const { body } = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { first: 50, tag: `request ${asked}` } }),
  });
  return await body.text();
}
