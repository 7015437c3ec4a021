import { devPrincipal } from '@spine/platform/auth/principal';
import type { Service } from '@spine/platform/service/service';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { parse, subscribe } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLineageService } from '../../service.ts';
import { dataset, datasetBody, runBody, runId } from '../../testing/sample-events.ts';

let testDatabase: TestDatabase;
let service: Service;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  service = await createLineageService({
    databaseUrl: testDatabase.url,
    host: '127.0.0.1',
    port: 0,
    serviceSecret: 's'.repeat(32),
    streamSecret: 't'.repeat(32),
    tokensFile: null,
    logLevel: 'silent',
  });
  // raw -> load -> staged -> clean -> report, and a second reader of staged.
  await send(runBody({ run: runId(1), job: 'load', reads: ['raw'], writes: ['staged'] }));
  await send(
    runBody({
      run: runId(2),
      job: 'clean',
      at: '2026-01-02T00:00:00Z',
      reads: ['staged'],
      writes: ['report'],
    }),
  );
  await send(runBody({ run: runId(2), job: 'clean', at: '2026-01-02T00:01:00Z', type: 'COMPLETE' }));
  await send(runBody({ run: runId(3), job: 'clean', at: '2026-01-03T00:00:00Z', reads: ['staged'] }));
  await send(runBody({ run: runId(4), job: 'audit', at: '2026-01-01T12:00:00Z', reads: ['staged'] }));
  await send(
    datasetBody('raw', {
      schema: {
        fields: [
          { name: 'id', type: 'bigint' },
          { name: 'email', type: 'text' },
        ],
      },
      spine_policyTags: { tags: [{ tag: 'pii', field: 'email', source: 'inventory' }] },
      spine_residency: { region: 'eu-central-1' },
    }),
  );
});
afterAll(async () => {
  await service.close();
  await testDatabase.drop();
});

async function send(payload: object): Promise<void> {
  const answer = await service.app.inject({ method: 'POST', url: '/api/v1/lineage', payload });
  expect(answer.statusCode).toBe(201);
}

async function ask(query: string, variables: object = {}) {
  const answer = await service.app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } });
  return answer.json();
}

async function dataOf(query: string, variables: object = {}) {
  const { data, errors } = await ask(query, variables);
  expect(errors).toBeUndefined();
  return data;
}

describe('a dataset', () => {
  test('tells what its facets say', async () => {
    const data = await dataOf(`{ dataset(namespace: "db", name: "raw") {
      namespace name region schemaFields { path type } tags { key value field source } facets latestRun { id job { name } }
    } }`);
    expect(data.dataset).toMatchObject({
      namespace: 'db',
      name: 'raw',
      region: 'eu-central-1',
      schemaFields: [
        { path: 'id', type: 'bigint' },
        { path: 'email', type: 'text' },
      ],
      tags: [{ key: 'pii', value: 'true', field: 'email', source: 'inventory' }],
      facets: { spine_residency: { region: 'eu-central-1' } },
      latestRun: { id: runId(1), job: { name: 'load' } },
    });
  });

  test('that no event has named is null when asked for, and a dataset without a graph when referred to', async () => {
    expect(await dataOf('{ dataset(namespace: "db", name: "unseen") { name } }')).toEqual({ dataset: null });
    const data = await dataOf(
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Dataset {
        id namespace name region tags { key } latestRun { id } lineage { nodes { id __typename } edges { from } truncated }
      } } }`,
      { of: [{ __typename: 'Dataset', namespace: 'db', name: 'unseen' }] },
    );
    const [{ id, ...rest }] = data._entities;
    expect(rest).toEqual({
      namespace: 'db',
      name: 'unseen',
      region: null,
      tags: [],
      latestRun: null,
      lineage: { nodes: [{ id, __typename: 'Dataset' }], edges: [], truncated: false },
    });
  });

  test('has one id, whichever way it is reached', async () => {
    const data = await dataOf(`{
      dataset(namespace: "db", name: "staged") { id }
      job(namespace: "etl", name: "clean") { inputs { nodes { id } } }
    }`);
    expect(data.job.inputs.nodes).toEqual([data.dataset]);
  });
});

describe('the graph around a dataset', () => {
  const query = `query ($name: String!, $direction: LineageDirection, $depth: Int, $maxNodes: Int) {
    dataset(namespace: "db", name: $name) { id lineage(direction: $direction, depth: $depth, maxNodes: $maxNodes) {
      nodes { id __typename ... on Dataset { name } ... on Job { name } } edges { from to } truncated
    } }
  }`;
  interface Shown {
    readonly nodes: readonly string[];
    readonly edges: readonly string[];
    readonly truncated: boolean;
  }
  async function graph(variables: object): Promise<Shown> {
    const { dataset: found } = await dataOf(query, variables);
    const names = new Map<string, string>(
      found.lineage.nodes.map((node: { id: string; name: string }) => [node.id, node.name]),
    );
    return {
      nodes: [...names.values()],
      edges: found.lineage.edges
        .map(({ from, to }: { from: string; to: string }) => `${names.get(from)} > ${names.get(to)}`)
        .toSorted(),
      truncated: found.lineage.truncated,
    };
  }

  test('downstream alternates datasets and jobs, the root first', async () => {
    const { nodes, edges, truncated } = await graph({ name: 'raw', direction: 'DOWNSTREAM', depth: 20 });
    expect(nodes[0]).toBe('raw');
    expect(nodes.toSorted()).toEqual(['audit', 'clean', 'load', 'raw', 'report', 'staged']);
    expect(edges).toEqual([
      'clean > report',
      'load > staged',
      'raw > load',
      'staged > audit',
      'staged > clean',
    ]);
    expect(truncated).toBe(false);
  });

  test('upstream, and both', async () => {
    expect((await graph({ name: 'report', direction: 'UPSTREAM', depth: 2 })).nodes).toEqual([
      'report',
      'clean',
      'staged',
    ]);
    const both = await graph({ name: 'staged', direction: 'BOTH', depth: 1 });
    expect(both.nodes.toSorted()).toEqual(['audit', 'clean', 'load', 'staged']);
  });

  test('says when it was cut', async () => {
    const cut = await graph({ name: 'raw', direction: 'DOWNSTREAM', depth: 20, maxNodes: 3 });
    expect(cut.nodes).toHaveLength(3);
    expect(cut.truncated).toBe(true);
  });

  test.each([
    ['depth', 0],
    ['depth', 21],
    ['maxNodes', 0],
    ['maxNodes', 2001],
  ])('%s %i is refused', async (argument, value) => {
    const { data, errors } = await ask(query, { name: 'raw', [argument]: value });
    expect(errors[0].extensions.code).toBe('INPUT_INVALID');
    expect(data.dataset.lineage).toBeNull();
  });

  test('a job that writes what it reads, and a circle, end', async () => {
    await send(runBody({ run: runId(50), job: 'self', reads: ['loop'], writes: ['loop'] }));
    await send(runBody({ run: runId(51), job: 'circle', reads: ['loop'], writes: ['loop2'] }));
    await send(runBody({ run: runId(52), job: 'back', reads: ['loop2'], writes: ['loop'] }));
    const { nodes } = await graph({ name: 'loop', direction: 'BOTH', depth: 20 });
    expect(nodes.toSorted()).toEqual(['back', 'circle', 'loop', 'loop2', 'self']);
  });
});

describe('jobs and runs', () => {
  test('a job lists its runs, newest first, page by page', async () => {
    const query = `query ($after: Cursor) { job(namespace: "etl", name: "clean") {
      latestRun { id } runs(first: 1, after: $after) { nodes { id state } pageInfo { hasNextPage endCursor } }
    } }`;
    const first = (await dataOf(query)).job;
    expect(first.latestRun).toEqual({ id: runId(3) });
    expect(first.runs.nodes).toEqual([{ id: runId(3), state: 'START' }]);
    expect(first.runs.pageInfo.hasNextPage).toBe(true);
    const second = (await dataOf(query, { after: first.runs.pageInfo.endCursor })).job;
    expect(second.runs.nodes).toEqual([{ id: runId(2), state: 'COMPLETE' }]);
    expect(second.runs.pageInfo.hasNextPage).toBe(false);
  });

  test('a run tells its state, its times and what it touched', async () => {
    const data = await dataOf(`{ run(id: "${runId(2)}") {
      state startedAt endedAt job { namespace name } inputs { nodes { name } } outputs { nodes { name } }
    } }`);
    expect(data.run).toEqual({
      state: 'COMPLETE',
      startedAt: '2026-01-02T00:00:00.000Z',
      endedAt: '2026-01-02T00:01:00.000Z',
      job: { namespace: 'etl', name: 'clean' },
      inputs: { nodes: [{ name: 'staged' }] },
      outputs: { nodes: [{ name: 'report' }] },
    });
    expect(await dataOf('{ run(id: "never") { id } }')).toEqual({ run: null });
  });

  test('datasets are listed by name, each once, whatever the page', async () => {
    for (const name of ['list-ä', 'list-Z', 'list-a', `list-${'long'.repeat(500)}`])
      await send(datasetBody(name));
    const all: string[] = [];
    let after: string | null = null;
    do {
      const { datasets } = await dataOf(
        'query ($after: Cursor) { datasets(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      all.push(...datasets.nodes.map(({ name }: { name: string }) => name));
      after = datasets.pageInfo.hasNextPage ? datasets.pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(expect.arrayContaining(['raw', 'staged', 'report']));
    const listed = all.filter((name) => name.startsWith('list-')).map((name) => name.slice(0, 10));
    expect(listed).toEqual(['list-Z', 'list-a', 'list-longl', 'list-ä']);
  });

  test('a cursor of another list is refused', async () => {
    const { errors } = await ask('{ datasets(after: "bm9uc2Vuc2U") { nodes { name } } }');
    expect(errors[0].extensions.code).toBe('CURSOR_INVALID');
  });
});

describe('lineageChanges', () => {
  const document = parse(`subscription ($after: Cursor) { lineageChanges(after: $after) {
    __typename cursor ... on LineageChanged { at run { id state } job { name } datasets { name } }
  } }`);

  async function open(after: string | null) {
    const subgraph = service.subgraph;
    if (subgraph === undefined) throw new Error('no subgraph');
    const stream = await subscribe({
      schema: subgraph.schema,
      document,
      variableValues: { after },
      contextValue: service.contextFor(devPrincipal(), 'test'),
    });
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream.errors));
    return stream;
  }
  type Item = Record<string, unknown> & { readonly cursor: string };
  async function next(stream: Awaited<ReturnType<typeof open>>): Promise<Item> {
    const { value, done } = await stream.next();
    if (done === true) throw new Error('the subscription ended');
    expect(value.errors).toBeUndefined();
    return value.data?.['lineageChanges'] as Item;
  }

  test('tells each accepted event, and goes on behind a cursor without missing one', async () => {
    const stream = await open(null);
    const { cursor } = await next(stream);
    await send(runBody({ run: runId(90), job: 'live', reads: ['x', dataset('y')], writes: ['z'] }));
    const item = await next(stream);
    expect(item).toMatchObject({
      __typename: 'LineageChanged',
      at: '2026-01-01T00:00:00.000Z',
      run: { id: runId(90), state: 'START' },
      job: { name: 'live' },
      datasets: [{ name: 'x' }, { name: 'y' }, { name: 'z' }],
    });
    await stream.return?.();

    await send(datasetBody('while-away'));
    const resumed = await open(item.cursor);
    expect(await next(resumed)).toMatchObject({ run: null, job: null, datasets: [{ name: 'while-away' }] });
    await resumed.return?.();
    const again = await open(cursor);
    expect(await next(again)).toMatchObject({ run: { id: runId(90) } });
    await again.return?.();
  });
});

test('the schema has every field that lineage contributes, and the stream items', async () => {
  const sdl = service.subgraph?.sdl ?? '';
  expect(sdl).toMatch(/type Dataset implements LineageNode\s+@key\(fields: "namespace name"\)/);
  expect(sdl).toMatch(/type Job implements LineageNode\s+@key\(fields: "namespace name"\)/);
  expect(sdl).toMatch(/type Run\s+@key\(fields: "id"\)/);
  for (const type of ['LineageChanged', 'SnapshotComplete', 'StreamHeartbeat', 'StreamGap']) {
    expect(sdl).toMatch(new RegExp(`type ${type} implements LineageStreamItem`));
  }
  expect(sdl).not.toContain('jobId');
});
