import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Kind, parse, validate } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { parseGatewayConfig } from '../config.ts';
import { createPrepareOperation, isRefused } from '../execution/prepare-operation.ts';
import { checkLimits } from '../limits/check-limits.ts';
import { createSubscriptionPlanner } from '../subscriptions/plan-subscription.ts';
import { createGraph, type Graph } from './create-graph.ts';
import { createGraphSource } from './graph-source.ts';
import { loadGraph } from './load-graph.ts';
import { createFileReader } from './read-supergraph-file.ts';

const config = parseGatewayConfig({ SPINE_SERVICE_SECRET: 'x'.repeat(32) });
const operations = readFileSync(config.operationsFile, 'utf8');
const linked = ['registry', 'lineage', 'cdc', 'governance'];
let graph: Graph;
beforeAll(() => {
  graph = load(config.supergraph.from, linked);
});

function load(file: string, links: readonly string[]): Graph {
  const text = { sdl: readFileSync(file, 'utf8'), signature: null };
  return loadGraph(text, { linked: links, verify: () => undefined });
}

const folder = dirname(config.operationsFile);
test.each(readdirSync(folder))(
  'the committed operations of %s are valid in the committed graph, within the limits, and can be planned',
  (file) => {
    const document = parse(readFileSync(join(folder, file), 'utf8'));
    expect(validate(graph.schema, document)).toEqual([]);
    expect(checkLimits(document, config.limits)).toEqual([]);
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      expect(graph.plan(document, definition.name?.value).node, definition.name?.value).toBeDefined();
    }
  },
);

test('the headline query asks all four subgraphs', () => {
  const plan = JSON.stringify(graph.plan(parse(operations), 'Headline'));
  for (const name of graph.subgraphs) expect(plan).toContain(`"serviceName":"${name}"`);
});

test('the stream of violations comes from governance, is completed by others, and can be resumed', () => {
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });
  const operation = prepare({ query: operations, operationName: 'Violations' });
  if (isRefused(operation)) throw new Error(String(operation));
  const { primary, rest, resume } = createSubscriptionPlanner()(operation);
  expect(primary.serviceName).toBe('governance');
  expect(JSON.stringify(rest)).toContain('"serviceName":"registry"');
  expect(resume?.variablesAfter({ after: 'theirs' }, 'ours')).toEqual({ _spineAfter: 'ours' });
});

test('every stream of the graph can be resumed from its cursor', () => {
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });
  const plan = createSubscriptionPlanner();
  const streams = Object.values(graph.schema.getSubscriptionType()?.getFields() ?? {});
  expect(streams.map(({ name }) => name)).toContain('violations');
  for (const { name, args } of streams) {
    const required = args.filter(
      ({ type, defaultValue }) => String(type).endsWith('!') && defaultValue === undefined,
    );
    if (required.length > 0) continue;
    const operation = prepare({ query: `subscription { ${name} { cursor } }` });
    if (isRefused(operation)) throw new Error(String(operation));
    expect(plan(operation).resume, name).not.toBeNull();
  }
});

test('a supergraph that needs a subgraph which no link reaches is refused by name', () => {
  expect(() => load(config.supergraph.from, ['registry', 'lineage', 'cdc'])).toThrow(/governance/);
});

test('a file that is no supergraph is refused with the way to make one', async () => {
  expect(() => load(config.operationsFile, [])).toThrow(
    expect.objectContaining({ code: 'SCHEMA_INVALID', fix: expect.stringContaining('npm run schema') }),
  );
  const reader = createFileReader('/nowhere/supergraph.graphql', { signed: false });
  await expect(reader.read(AbortSignal.timeout(1_000))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('a supergraph with an authorisation directive that nobody here enforces is refused', () => {
  const sdl = readFileSync(config.supergraph.from, 'utf8').replace(
    '@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)',
    '@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)',
  );
  expect(sdl).toContain('policy');
  expect(() => createGraph(sdl)).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }));
});
