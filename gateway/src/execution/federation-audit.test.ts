import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { devPrincipal } from '@spine/platform/auth/principal';
import { createMetrics } from '@spine/platform/metrics/create-metrics';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { expect, test } from 'vitest';
import { createGraph, type Graph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import { guardedLink } from '../links/guarded-link.ts';
import type { SubgraphLink } from '../links/subgraph-link.ts';
import { createLinkMetrics } from '../observability/link-metrics.ts';
import { auditPosts } from '../testing/audit-posts.ts';
import { createReplayLink, type RecordedFetch } from '../testing/replay-link.ts';
import { serveLink } from '../testing/serve-link.ts';
import { createExecutor } from './create-executor.ts';
import { createPlanStore } from './plan-store.ts';
import { createPrepareOperation, isRefused } from './prepare-operation.ts';

// The federation audit of graphql-hive: 110 cases of 23 suites with the subgraphs' recorded answers. Data of others,
// read where it lies; without it there is nothing to run.
const folder = new URL('../../../../shared/vectors/federation-audit/', import.meta.url).pathname;

interface Case {
  readonly query: string;
  readonly expected: { readonly data?: unknown; readonly errors?: boolean };
}

interface Recorded {
  readonly apolloGateway2141Pass: boolean;
  readonly fetches: readonly RecordedFetch[];
}

const guards = {
  breaker: { failures: 10, window: 20, openMs: 1_000 },
  metrics: createLinkMetrics(createMetrics('gateway')),
};

type ExecutorKind = 'own' | 'stock';

/** Ways to the subgraphs: as calls, and over a socket with the guards that a way to another process has. */
type Way = 'as calls' | 'over HTTP';

if (existsSync(folder)) {
  const { index }: { index: readonly { readonly id: string }[] } = readJson('index.json');
  for (const { id } of index) {
    auditSuite(id, 'own', 'as calls');
    auditSuite(id, 'own', 'over HTTP');
    auditSuite(id, 'stock', 'as calls');
  }
} else {
  const reason = `skipped: ${folder} is absent`;
  process.stderr.write(`federation audit ${reason}\n`);
  test.skip(reason, () => undefined);
}

function auditSuite(id: string, executor: ExecutorKind, way: Way): void {
  const graph = createGraph(readFileSync(join(folder, id, 'supergraph.graphql'), 'utf8'));
  const cases: readonly Case[] = readJson(`${id}/tests.json`);
  const recorded: readonly Recorded[] = readJson(`${id}/recorded-fetches.json`);
  const plans = createPlanStore({ executor });
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });

  const answer = async (query: string, links: ReadonlyMap<string, SubgraphLink>) => {
    const operation = prepare({ query });
    if (isRefused(operation)) return { data: null, errors: operation };
    const execute = createExecutor({
      plans,
      executor,
      links,
      log: createRecordingLog(),
      fetchTimeoutMs: 5_000,
    });
    return await execute(operation, {
      principal: devPrincipal(),
      requestId: id,
      signal: new AbortController().signal,
    });
  };

  cases.forEach(({ query, expected }, n) => {
    const { apolloGateway2141Pass = false, fetches = [] } = recorded[n] ?? {};
    const links =
      executor === 'own' && !apolloGateway2141Pass && id === 'requires-with-argument'
        ? livePosts(id)
        : replay(graph, withIdOf(query, fetches));
    const compare = async () => {
      const reached = way === 'over HTTP' ? await served(links) : links;
      const { data = null, errors = [] } = await answer(query, reached);
      for (const link of reached.values()) await link.close();
      expect(plain(data)).toEqual(plain(expected.data ?? null));
      if (expected.errors !== undefined) expect(errors.length > 0).toBe(expected.errors);
    };
    // What stock gets wrong fails here too; the day it does not, this says so.
    if (executor === 'own' || apolloGateway2141Pass) {
      test(`${id} #${n} is answered as federation demands by the ${executor} executor, ${way}`, compare);
    } else {
      test.fails(`${id} #${n} is beyond the stock executor`, compare);
    }
  });
}

function replay(graph: Graph, fetches: readonly RecordedFetch[]): ReadonlyMap<string, SubgraphLink> {
  return new Map(graph.subgraphs.map((name) => [name, createReplayLink(name, fetches)]));
}

async function served(links: ReadonlyMap<string, SubgraphLink>): Promise<ReadonlyMap<string, SubgraphLink>> {
  const reached = new Map<string, SubgraphLink>();
  for (const [name, link] of links) {
    reached.set(name, guardedLink(await serveLink(link), guards));
  }
  return reached;
}

/** Where we ask in another way than stock did there is no recording: the subgraphs answer themselves. */
function livePosts(id: string): ReadonlyMap<string, SubgraphLink> {
  const sdl = (name: string) => readFileSync(join(folder, id, 'subgraphs', `${name}.graphql`), 'utf8');
  return new Map(auditPosts({ c: sdl('c'), d: sdl('d') }).map((link) => [link.name, link]));
}

// Some mutations carry a random id, another in the recording than in the case.
function withIdOf(query: string, fetches: readonly RecordedFetch[]): readonly RecordedFetch[] {
  const id = /requestId: ?"([^"]+)"/;
  const [, own] = id.exec(query) ?? [];
  const [, theirs] = id.exec(fetches.map((fetch) => fetch.query).join()) ?? [];
  if (own === undefined || theirs === undefined) return fetches;
  return JSON.parse(JSON.stringify(fetches).replaceAll(theirs, own));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
