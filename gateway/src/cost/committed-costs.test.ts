import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { sensitiveFields } from '../audit/sensitive-fields.ts';
import { parseGatewayConfig } from '../config.ts';
import type { Operation } from '../execution/operation.ts';
import { createPrepareOperation, isRefused } from '../execution/prepare-operation.ts';
import { createGraph, type Graph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import { estimateCost } from './estimate-cost.ts';

const config = parseGatewayConfig({ SPINE_SERVICE_SECRET: 'x'.repeat(32) });
const folder = config.operationsFolder;
let graph: Graph;
beforeAll(() => {
  graph = createGraph(readFileSync(join(folder, '../supergraph.graphql'), 'utf8'));
});

function prepared(query: string, operationName?: string): Operation {
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });
  const operation = prepare({ query, operationName });
  if (isRefused(operation)) throw new Error(String(operation));
  return operation;
}

test('every committed operation costs less than half of what one may', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.graphql'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const definition of parse(text).definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const cost = estimateCost(prepared(text, definition.name?.value));
      expect(cost, `${file} ${definition.name?.value}`).toBeLessThan(config.cost.most / 2);
    }
  }
});

test.each([
  [
    'pages within pages',
    '{ datasets(first: 100) { nodes { versions: residency { decisions(first: 100) { nodes { id } } } } } }',
  ],
  [
    'two of the longest walks',
    `{ a: dataset(namespace: "n", name: "a") { ...L } b: dataset(namespace: "n", name: "b") { ...L } }
     fragment L on Dataset { lineage(maxNodes: 2000) { nodes { id } edges { from to } } }`,
  ],
  [
    'a page of the longest walks',
    '{ datasets(first: 100) { nodes { lineage(maxNodes: 2000) { nodes { id } } } } }',
  ],
])('%s cost more than one may', (_, query) => {
  expect(estimateCost(prepared(query))).toBeGreaterThan(config.cost.most);
});

test('the longest walk alone is allowed', () => {
  const query =
    '{ dataset(namespace: "n", name: "a") { lineage(maxNodes: 2000) { nodes { id } edges { from to } } } }';
  expect(estimateCost(prepared(query))).toBeLessThanOrEqual(config.cost.most);
});

test.each([
  ['{ datasets { nodes { name } } }', []],
  ['{ datasets { nodes { facets } } }', ['Dataset.facets']],
  ['{ datasets { nodes { residency { decisions { nodes { verdict } } } } } }', ['Decision.verdict']],
  ['subscription { violations { ... on ViolationRaised { violation { reason } } } }', ['Violation.reason']],
])('%s reads the sensitive fields %o', (query, fields) => {
  expect(sensitiveFields(prepared(query))).toEqual(fields);
});
