import { noSpan } from '@spine/platform/tracing/span';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, fixtureTokens, startFixture } from '../testing/start-fixture.ts';
import { createWatchRequest } from './watch-requests.ts';

describe('a watch', () => {
  const watching = () => {
    const overheads: number[] = [];
    const fetches: string[] = [];
    const watchRequest = createWatchRequest({
      metrics: {
        observeOverhead: (seconds) => overheads.push(seconds),
        countPlanHit: () => undefined,
        observePlan: () => undefined,
        observeFetch: (subgraph, outcome) => fetches.push(`${subgraph} ${outcome}`),
      },
      log: createRecordingLog(),
      slowMs: null,
      documents: false,
    });
    return {
      overheads,
      fetches,
      watch: watchRequest({ requestId: 'r-1', span: noSpan, traceparent: 'of the client' }),
    };
  };
  const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test('counts waiting once, however many fetches overlap', async () => {
    const { watch, overheads, fetches } = watching();
    const [a, b] = [watch.fetch('a'), watch.fetch('b')];
    await pass(30);
    a.ended('ok');
    await pass(30);
    b.ended('TIMEOUT');
    watch.close(70);
    // 70 less the 60 and more in which at least one was under way; counted twice it would be none.
    expect(overheads[0]).toBeLessThan(0.012);
    expect(fetches).toEqual(['a ok', 'b TIMEOUT']);
  });

  test('hands the trace of the client on where nothing is recorded here', () => {
    expect(watching().watch.fetch('a').traceparent).toBe('of the client');
  });
});

describe('a gateway', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({
      kind: 'http',
      auth: 'tokens',
      config: { slowMs: 100, forwardHeaders: ['x-region'] },
    });
  });
  afterAll(() => fixture.close());
  const slowOnes = () =>
    fixture.log.entries.map(({ fields }) => fields).filter(({ event }) => event === 'request.slow');
  const asking = (who: keyof typeof fixtureTokens, headers: Readonly<Record<string, string>> = {}) => ({
    headers: { authorization: `Bearer ${fixtureTokens[who]}`, ...headers },
  });

  test('logs a slow request by its name, its plan and its fetches, and holds no value of it', async () => {
    const query = 'query Slow($ms: Int!) { slow(ms: $ms) echo(text: "ann@example.org") }';
    await askGateway(fixture.url, query, { ...asking('viewer'), variables: { ms: 150 } });
    const logged = await eventually(() => {
      const found = slowOnes()[0];
      expect(found).toBeDefined();
      return found;
    });
    expect(logged).toMatchObject({
      operation: 'Slow',
      kind: 'query',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      fetches: [{ subgraph: 'catalog', outcome: 'ok' }],
      plan: 'catalog',
    });
    expect(JSON.stringify(logged)).not.toMatch(/ann@|echo/);
  });

  test('a fast request is not logged', async () => {
    await askGateway(fixture.url, 'query Fast { whoAmI }', asking('viewer'));
    expect(slowOnes().some(({ operation }) => operation === 'Fast')).toBe(false);
  });

  test('shows the plan to those who run the system, and to nobody else', async () => {
    const query = '{ dataset(name: "customers") { rows subject { name } } }';
    const shown = await askGateway(fixture.url, query, asking('admin', { 'spine-query-plan': '1' }));
    expect(shown.body.extensions.queryPlan).toContain('Fetch(service: "catalog")');
    const unasked = await askGateway(fixture.url, query, asking('admin'));
    expect(unasked.body.extensions?.queryPlan).toBeUndefined();
    const refused = await askGateway(fixture.url, query, asking('viewer', { 'spine-query-plan': '1' }));
    expect(refused.body.data).toEqual(shown.body.data);
    expect(refused.body.extensions?.queryPlan).toBeUndefined();
  });

  test('counts requests, plans kept and made, fetches and what is its own time', async () => {
    const scrape = async () => (await fetch(`${fixture.url}/metrics`)).text();
    const sampleOf = (text: string, start: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(start))
          ?.split(' ')
          .at(-1) ?? 0,
      );
    const query = 'query Counted { whoAmI }';
    const before = await scrape();
    for (let n = 0; n < 3; n += 1) await askGateway(fixture.url, query, asking('viewer'));
    const grown = async (start: string) => sampleOf(await scrape(), start) - sampleOf(before, start);
    await eventually(async () => expect(await grown('spine_gateway_overhead_seconds_count')).toBe(3));
    expect(await grown('spine_gateway_plan_cache_hits_total')).toBe(2);
    expect(await grown('spine_gateway_plan_duration_seconds_count')).toBe(1);
    expect(await grown('spine_gateway_subgraph_fetch_duration_seconds_count')).toBe(3);
    expect(await grown('spine_gateway_http_request_duration_seconds_count')).toBe(3);
  });
});
