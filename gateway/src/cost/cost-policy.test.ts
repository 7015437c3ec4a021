import { beforeAll, expect, test } from 'vitest';
import type { Operation } from '../execution/operation.ts';
import { createPrepareOperation, isRefused } from '../execution/prepare-operation.ts';
import { createGraph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import { compose } from '../testing/compose.ts';
import { type CostMode, costOf } from './cost-policy.ts';

let operation: Operation;
beforeAll(() => {
  const graph = createGraph(compose([{ name: 'one', sdl: 'type Query { a: A } type A { a: A }' }]));
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 1_000 });
  const prepared = prepare({ query: '{ a { a { a { __typename } } } }' });
  if (isRefused(prepared)) throw new Error(String(prepared));
  operation = prepared;
});

function decide(mode: CostMode, most: number) {
  const observed: number[] = [];
  const decision = (() => {
    try {
      return costOf(operation, { mode, most, observe: (cost) => void observed.push(cost) });
    } catch (error) {
      return error;
    }
  })();
  return { decision, observed };
}

test('enforced, an operation beyond the most is refused with both figures, and counted all the same', () => {
  expect(decide('enforce', 3)).toEqual({ decision: 3, observed: [3] });
  const { decision, observed } = decide('enforce', 2);
  expect(decision).toMatchObject({
    message: 'the operation may cost 3; the limit is 2',
    extensions: { code: 'OPERATION_TOO_COSTLY', limit: 'cost', measure: 3, most: 2 },
  });
  expect(observed).toEqual([3]);
});

test('measured, it is counted and runs; off, nobody looks', () => {
  expect(decide('measure', 2)).toEqual({ decision: 3, observed: [3] });
  expect(decide('off', 2)).toEqual({ decision: 1, observed: [] });
});
