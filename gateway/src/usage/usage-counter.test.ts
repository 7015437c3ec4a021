import { describe, expect, test } from 'vitest';
import { createPrepareOperation, isRefused } from '../execution/prepare-operation.ts';
import { createGraph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import { compose } from '../testing/compose.ts';
import { fieldsOfOperation } from './fields-of-operation.ts';
import { createUsageCounter, otherClients } from './usage-counter.ts';

const sdl = `
  type Query { node: Node  dataset(name: String): Dataset }
  interface Node { id: ID! }
  type Dataset implements Node { id: ID!  name: String  rows: Int }
  type Job implements Node { id: ID!  name: String }
`;
const graphs = createGraphSource(createGraph(compose([{ name: 'catalog', sdl }])));
const prepare = createPrepareOperation({ graphs, rules: [], maxTokens: 15_000 });

function operation(query: string) {
  const prepared = prepare({ query });
  if (isRefused(prepared)) throw new Error(String(prepared));
  return prepared;
}

describe('the fields of an operation', () => {
  test('are those that it selects, in fragments too, whatever their alias', () => {
    const asked = 'query { first: dataset { ...Names __typename } } fragment Names on Dataset { name }';
    expect(fieldsOfOperation(operation(asked))).toEqual(['Query.dataset', 'Dataset.name']);
  });

  test('of an interface are those of every type behind it', () => {
    expect(fieldsOfOperation(operation('{ node { id ... on Dataset { rows } } }')).toSorted()).toEqual([
      'Dataset.id',
      'Dataset.rows',
      'Job.id',
      'Node.id',
      'Query.node',
    ]);
  });
});

describe('a counter', () => {
  test('tells each field by client, once, and takes back what could not be stored', () => {
    const counter = createUsageCounter();
    const asked = operation('{ dataset { name } }');
    counter.count(asked, 'vera');
    counter.count(asked, 'vera');
    counter.count(asked, 'otto');
    const counts = counter.take();
    const name = (client: string, count: number) => ({ type: 'Dataset', field: 'name', client, count });
    expect(counts.filter(({ field }) => field === 'name')).toEqual([name('vera', 2), name('otto', 1)]);
    expect(counter.take()).toEqual([]);
    counter.putBack(counts);
    counter.count(asked, 'vera');
    expect(counter.take()).toContainEqual(name('vera', 3));
  });

  test('holds a bounded number of clients and operations, and loses no count', () => {
    const counter = createUsageCounter();
    const total = 2_500;
    for (let n = 0; n < total; n += 1) {
      counter.count(operation(`query Q${n} { dataset { name } }`), `client ${n}`);
    }
    const names = counter.take().filter(({ field }) => field === 'name');
    expect(names.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    expect(names).toHaveLength(101);
    expect(names.find(({ client }) => client === otherClients)?.count).toBe(total - 100);
  });
});
