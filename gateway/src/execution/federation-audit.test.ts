import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { devPrincipal } from '@spine/platform/auth/principal';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { expect, test } from 'vitest';
import { createGraph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import type { SubgraphLink } from '../links/subgraph-link.ts';
import { createReplayLink, type RecordedFetch } from '../testing/replay-link.ts';
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

if (existsSync(folder)) {
  const { index }: { index: readonly { readonly id: string }[] } = readJson('index.json');
  for (const { id } of index) auditSuite(id);
} else {
  const reason = `skipped: ${folder} is absent`;
  process.stderr.write(`federation audit ${reason}\n`);
  test.skip(reason, () => undefined);
}

function auditSuite(id: string): void {
  const graph = createGraph(readFileSync(join(folder, id, 'supergraph.graphql'), 'utf8'));
  const cases: readonly Case[] = readJson(`${id}/tests.json`);
  const recorded: readonly Recorded[] = readJson(`${id}/recorded-fetches.json`);
  const plans = createPlanStore();
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });

  const answer = async (query: string, fetches: readonly RecordedFetch[]) => {
    const operation = prepare({ query });
    if (isRefused(operation)) return { data: null, errors: operation };
    const links = new Map<string, SubgraphLink>(
      graph.subgraphs.map((name) => [name, createReplayLink(name, fetches)]),
    );
    const log = createRecordingLog();
    const execute = createExecutor({
      plans,
      links,
      log,
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
    const compare = async () => {
      const { data = null, errors = [] } = await answer(query, withIdOf(query, fetches));
      expect(plain(data)).toEqual(plain(expected.data ?? null));
      if (expected.errors !== undefined) expect(errors.length > 0).toBe(expected.errors);
    };
    // What the planner itself gets wrong fails here too; the day it does not, this says so.
    if (apolloGateway2141Pass) test(`${id} #${n} is answered as federation demands`, compare);
    else test.fails(`${id} #${n} is beyond the planner`, compare);
  });
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
