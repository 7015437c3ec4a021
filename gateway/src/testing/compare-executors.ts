import { deepStrictEqual, notStrictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import { devPrincipal } from '@spine/platform/auth/principal';
import { createRecordingLog } from '@spine/testkit/recording-log';
import fc from 'fast-check';
import type { ExecutionResult } from 'graphql';
import { createExecutor } from '../execution/create-executor.ts';
import type { Operation } from '../execution/operation.ts';
import { createPlanStore } from '../execution/plan-store.ts';
import { createPrepareOperation, isRefused } from '../execution/prepare-operation.ts';
import { createGraph, type Graph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import { compose } from './compose.ts';
import { createEventLog } from './event-log.ts';
import { catalogSubgraph, schemasSubgraph, watchSubgraph } from './fixture-subgraphs.ts';
import { createRandom } from './random.ts';
import { randomOperation } from './random-operation.ts';
import { createSeededLink, type FaultKind } from './seeded-link.ts';

// Random operations over the graph that we ship and over the fixture's, answered by made-up subgraphs with faults: our executor
// gives what stock gives. Where it is better on purpose, docs/decisions/0024 says so, and the comparison leaves that out.
const committed = new URL('../../../schema/graphql/supergraph.graphql', import.meta.url).pathname;

const graphs: readonly (readonly [string, Graph])[] = [
  ['the committed graph', createGraph(readFileSync(committed, 'utf8'))],
  [
    'the graph of the fixture',
    createGraph(compose([catalogSubgraph(), schemasSubgraph(), watchSubgraph(createEventLog())])),
  ],
];
const seed = fc.readConfigureGlobal().seed ?? Date.now() % 2 ** 31;
const alike: readonly FaultKind[] = ['none', 'error', 'null', 'invalid leaf', 'down'];
const better: readonly FaultKind[] = ['short list', 'wrong shape'];

/** One way to compare: throws, and tells the seed and the operation, where the executors differ. */
export interface Comparison {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** The comparisons, each of so many random operations. */
export function comparisons(runs: number): readonly Comparison[] {
  return graphs.flatMap(([name, graph]) => [
    ...alike.map((fault) => ({
      name: `over ${name}, with fault "${fault}", both executors give the same (seed ${seed})`,
      run: () => forEach(graph, fault, runs, assertSame),
    })),
    ...better.map((fault) => ({
      name: `over ${name}, with fault "${fault}", ours keeps the rest of the data and tells an error (seed ${seed})`,
      run: () => forEach(graph, fault, runs, assertNoWorse),
    })),
  ]);
}

type Check = (own: ExecutionResult, stock: ExecutionResult) => void;

function assertSame(own: ExecutionResult, stock: ExecutionResult): void {
  deepStrictEqual(plain(own.data), plain(stock.data));
  deepStrictEqual(faultsOf(own), faultsOf(stock));
}

function assertNoWorse(own: ExecutionResult, stock: ExecutionResult): void {
  // A leaf of another shape is an invalid value to ours: told as one, as stock tells those, where stock asserts.
  if (stock.errors !== undefined)
    notStrictEqual(own.errors ?? own.extensions?.['valueCompletion'], undefined);
  // Stock has one error and no data for a list that is none, say.
  if (stock.data !== undefined) deepStrictEqual(plain(own.data), plain(stock.data));
  for (const { extensions } of own.errors ?? []) notStrictEqual(extensions['code'], 'INTERNAL');
}

async function forEach(graph: Graph, fault: FaultKind, runs: number, check: Check): Promise<void> {
  const property = fc.asyncProperty(fc.integer(), async (n) => {
    const operation = operationOf(graph, n);
    if (operation === undefined) return;
    const [own, stock] = [await run(operation, n, fault, 'own'), await run(operation, n, fault, 'stock')];
    check(own, stock);
  });
  await fc.assert(property, { seed, numRuns: runs });
}

function operationOf(graph: Graph, n: number): Operation | undefined {
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });
  const operation = prepare(randomOperation(graph.schema, createRandom(n)));
  return isRefused(operation) ? undefined : operation;
}

async function run(
  operation: Operation,
  n: number,
  fault: FaultKind,
  executor: 'own' | 'stock',
): Promise<ExecutionResult> {
  const { subgraphs, supergraphSchema: schema } = operation.graph;
  const links = new Map(subgraphs.map((name) => [name, createSeededLink({ name, schema, seed: n, fault })]));
  const log = createRecordingLog();
  const execute = createExecutor({
    plans: createPlanStore({ executor }),
    executor,
    links,
    log,
    fetchTimeoutMs: 5_000,
  });
  return await execute(operation, {
    principal: devPrincipal(),
    requestId: 'differential',
    signal: new AbortController().signal,
  });
}

/** Codes and places; positions in lists aside, in which stock can err, and how often one is told, which has a bound. */
function faultsOf({ errors = [] }: ExecutionResult): readonly string[] {
  const told = errors.map(({ path = [], extensions }) =>
    [
      extensions['code'],
      extensions['serviceName'],
      ...path.map((step) => (typeof step === 'number' ? '#' : step)),
    ].join(' '),
  );
  return [...new Set(told)].sort();
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
