import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import { noTracing } from '@spine/platform/tracing/create-tracing';
import { type DeadLetter, defaultDeadLetterLimits } from '../domain/dead-letter.ts';
import type { RouteTable, RouteTableChange } from '../store/route-tables.ts';
import type { LeafQueue } from './leaf-queue.ts';
import { memoryDeadLetters } from './memory-dead-letters.ts';
import type { PolicyFeed } from './policy-feed.ts';
import type { RouteContext } from './route-context.ts';
import { createRouteProgress } from './route-progress.ts';

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** The context of one route for tests of the stages: everything in memory, what is not given refuses to be asked. */
export function memoryContext(parts: {
  readonly clock: Clock;
  readonly leaves: LeafQueue;
  readonly policyFeed: PolicyFeed;
}): {
  readonly context: RouteContext;
  readonly tables: Map<string, RouteTable>;
  readonly letters: DeadLetter[];
} {
  const tables = new Map<string, RouteTable>();
  const letters: DeadLetter[] = [];
  const refuse = (what: string) => () => Promise.reject(new Error(`${what} is not part of this test`));
  let versions = 0;
  const context: RouteContext = {
    ...parts,
    route: {
      name: 'shop-to-warehouse',
      source: 'shop',
      sink: 'warehouse',
      tables: ['public.*'],
      owner: 'a',
      obligationKey: null,
      revision: 1n,
    },
    sourceEndpoint: {
      name: 'shop',
      url: 'env:SHOP',
      region: 'eu-central-1',
      owner: 'a',
      tables: [],
      namespace: 'postgres://h:1',
      database: 'shop',
    },
    sinkEndpoint: {
      name: 'warehouse',
      type: 'postgres',
      url: 'env:WAREHOUSE',
      region: 'eu-central-1',
      owner: 'a',
      purpose: 'analytics',
      retention: 'P1D',
      iam: 'w',
      namespace: 'postgres://h:1',
      database: 'warehouse',
    },
    slotName: 'spine_shop_to_warehouse',
    source: {
      identify: refuse('the source'),
      listTables: refuse('the source'),
      publish: refuse('the source'),
      findSlot: refuse('the source'),
      createSlot: refuse('the source'),
      exportSnapshot: refuse('the source'),
      dropSlot: refuse('the source'),
      copyTable: refuse('the source'),
      countRewrites: refuse('the source'),
      stream: refuse('the source'),
      close: async () => undefined,
    },
    sink: { takeOver: refuse('the sink'), close: async () => undefined },
    obligationKey: null,
    governance: {
      bundle: refuse('governance'),
      appendLeaves: refuse('governance'),
      nextLeaf: async () => null,
      leafOver: refuse('governance'),
    },
    registry: {
      bind: async ({ subject }) => ({
        subject,
        version: ++versions,
        schemaId: versions,
        semver: '1.0.0',
        fingerprint: 'f',
        tags: {},
      }),
      tagsOf: async () => ({}),
    },
    memory: {
      tables: async () => [...tables.values()],
      async saveTable(schema, table, change) {
        tables.set(`${schema}.${table}`, merge(tables.get(`${schema}.${table}`), schema, table, change));
      },
      keepTables: async () => undefined,
      openIncident: async () => undefined,
      resolveIncident: async () => undefined,
      startsAnew: async () => false,
      setStartsAnew: async () => undefined,
    },
    deadLetters: memoryDeadLetters(letters),
    deadLetterLimits: defaultDeadLetterLimits,
    progress: createRouteProgress('worker-1', parts.clock),
    runEvents: {
      announce: async () => undefined,
      started: async () => undefined,
      running: async () => undefined,
      completed: async () => undefined,
      failed: async () => undefined,
    },
    log: silent,
    tracing: noTracing,
    limits: { maxChanges: 100, maxBytes: 1_000_000, waitMs: 1, idleAdvanceMs: 5_000 },
    pass: () => undefined,
    signal: new AbortController().signal,
  };
  return { context, tables, letters };
}

function merge(
  before: RouteTable | undefined,
  schema: string,
  table: string,
  change: RouteTableChange,
): RouteTable {
  return {
    route: 'shop-to-warehouse',
    schema,
    table,
    state: change.state,
    reason: change.reason ?? null,
    contractVersion: change.contractVersion ?? before?.contractVersion ?? null,
    rowsCopied: BigInt(change.rowsCopied ?? before?.rowsCopied ?? 0n),
    rowsEstimated: change.rowsEstimated === undefined ? null : BigInt(change.rowsEstimated),
    shape: change.shape ?? before?.shape ?? null,
    recopy: change.recopy ?? before?.recopy ?? false,
  };
}
