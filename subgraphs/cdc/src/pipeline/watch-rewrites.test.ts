import { expect, test } from 'vitest';
import { aRelation } from '../domain/relation-builder.ts';
import type { OpenTable } from './admit-tables.ts';
import { memoryContext } from './memory-context.ts';
import { memoryClock, memoryLeaves } from './memory-route.ts';
import { watchRewrites } from './watch-rewrites.ts';

const open = (oid: number, table: string, key: number[]): OpenTable => ({
  relation: aRelation({ oid, table, key }),
  catalog: { relation: aRelation({ oid, table, key }), estimatedRows: 0 },
  mustCopy: false,
  diverged: false,
  contract: { subject: table, version: 1, schemaId: 1, semver: '1.0.0', fingerprint: 'f', tags: {} },
  decision: {
    dataset: { namespace: 'n', name: table },
    logicalName: table,
    sinkDataset: null,
    subject: table,
    schemaVersion: 1,
    verdict: 'allow',
    reason: '',
    ruleIds: [],
    obligations: [],
    dataClass: 'internal',
    tags: [],
    rows: 0,
    rowsWithheld: 0,
  },
  decidedUnder: 'd',
  matrixVersion: 1,
  delivered: null,
});

test('a table without a key whose rows are rewritten at the source is marked diverged, others are not', async () => {
  const clock = memoryClock();
  const { context, tables } = memoryContext({
    clock,
    leaves: memoryLeaves([]).queue,
    policyFeed: {
      current: () => Promise.reject(),
      refresh: async () => undefined,
      close: async () => undefined,
    },
  });
  let rewrites = 5n;
  const asked: string[][] = [];
  const watch = watchRewrites(
    {
      ...context,
      source: {
        ...context.source,
        async countRewrites(relations) {
          asked.push(relations.map((relation) => relation.table));
          return new Map(
            relations.map((relation) => [relation.oid, relation.table === 'log' ? rewrites : 7n]),
          );
        },
      },
    },
    [open(1, 'log', []), open(2, 'quiet', []), open(3, 'keyed', [0])],
  );
  await watch.look();
  await clock.sleep(11_000);
  await watch.look();
  expect(tables.size).toBe(0);
  rewrites = 6n;
  await watch.look();
  expect(tables.size).toBe(0);
  await clock.sleep(11_000);
  await watch.look();
  expect([...tables.values()].map((table) => [table.table, table.state])).toEqual([['log', 'diverged']]);
  expect(asked).toEqual([
    ['log', 'quiet'],
    ['log', 'quiet'],
    ['log', 'quiet'],
  ]);
});
