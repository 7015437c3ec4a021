import { devPrincipal, makePrincipal } from '@spine/platform/auth/principal';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, fixtureSecret, linkKinds, startFixture } from '../testing/start-fixture.ts';
import { createBreaker } from './breaker.ts';
import { createHttpLink } from './http-link.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from './subgraph-link.ts';
import { withBreaker } from './with-breaker.ts';
import { withRetry } from './with-retry.ts';
import { withSingleFlight } from './with-single-flight.ts';

const steward = makePrincipal({
  id: 'ann',
  kind: 'user',
  roles: ['steward', 'viewer'],
  functions: ['security'],
});
const request = (
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  rest: Partial<SubgraphRequest> = {},
): SubgraphRequest => ({ query, variables, principal: steward, requestId: 'r-1', ...rest });
const never = new AbortController().signal;

const unguarded = (link: SubgraphLink): SubgraphLink => link;

describe.each([
  ...linkKinds.map((kind) => ({ kind, guards: 'plain', guard: unguarded })),
  ...linkKinds.map((kind) => ({ kind, guards: 'behind every guard', guard: guarded })),
])('a link $kind, $guards', ({ kind, guard }) => {
  let fixture: Fixture;
  let catalog: SubgraphLink;
  let watch: SubgraphLink;
  beforeAll(async () => {
    fixture = await startFixture({ kind, auth: 'tokens' });
    catalog = guard(fixture.services.catalog.link);
    watch = guard(fixture.services.watch.link);
  });
  afterAll(() => fixture.close());

  test('answers with data of its own, which the caller may change', async () => {
    const ask = () => catalog.execute(request('{ datasets { nodes { name } } }'), never);
    const first = await ask();
    if (first.data) first.data['datasets'] = null;
    expect((await ask()).data).toEqual({ datasets: { nodes: [{ name: 'customers' }, { name: 'orders' }] } });
  });

  test('hands over who asks, with every role and function', async () => {
    const { data } = await catalog.execute(request('{ whoAmI }'), never);
    expect(data).toEqual({ whoAmI: 'user ann steward viewer security' });
  });

  test('the subgraph decides by the role of who asks', async () => {
    const refused = await catalog.execute(request('{ adminOnly }'), never);
    expect(refused).toMatchObject({
      data: { adminOnly: null },
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    const allowed = await catalog.execute(request('{ adminOnly }', {}, { principal: devPrincipal() }), never);
    expect(allowed).toEqual({ data: { adminOnly: 'secret' } });
  });

  test('runs the operation that is named, with its variables, again and again', async () => {
    const query = 'query A($t: String!) { echo(text: $t) } query B($t: String!) { again: echo(text: $t) }';
    for (const text of ['1', '2', '3']) {
      const a = await catalog.execute(request(query, { t: text }, { operationName: 'A' }), never);
      const b = await catalog.execute(request(query, { t: text }, { operationName: 'B' }), never);
      expect([a, b]).toEqual([{ data: { echo: text } }, { data: { again: text } }]);
    }
  });

  test('resolves entities, absent ones as null', async () => {
    const query =
      'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Dataset { rows } } }';
    const representations = ['customers', 'nobody', 'orders'].map((name) => ({
      __typename: 'Dataset',
      namespace: 'shop',
      name,
    }));
    const { data } = await catalog.execute(request(query, { representations }), never);
    expect(data).toEqual({ _entities: [{ rows: 7 }, null, { rows: 7 }] });
  });

  test('says of an unexpected error no more than INTERNAL', async () => {
    const result = await catalog.execute(request('{ fails }'), never);
    expect(result).toMatchObject({
      data: { fails: null },
      errors: [{ path: ['fails'], extensions: { code: 'INTERNAL' } }],
    });
    expect(JSON.stringify(result)).not.toContain('password');
  });

  test('an operation that the subgraph does not know is an answer with errors', async () => {
    const { data, errors } = await catalog.execute(request('{ nothingLikeIt }'), never);
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
  });

  test('gives up when the caller does', async () => {
    const startedAt = performance.now();
    await expect(catalog.execute(request('{ slow(ms: 2000) }'), AbortSignal.timeout(50))).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('streams events in order and ends with its source', async () => {
    const events = watch.subscribe(request('subscription { ticks(upTo: 3) }'), never);
    expect(await all(events)).toEqual([1, 2, 3].map((ticks) => ({ data: { ticks } })));
  });

  test("a stream's resolver gets the arguments of its field", async () => {
    const query = 'subscription($howMany: Int!) { ticks(upTo: $howMany) }';
    expect(await all(watch.subscribe(request(query, { howMany: 2 }), never))).toHaveLength(2);
  });

  test('a refused stream is one answer without data', async () => {
    const publisher = makePrincipal({ id: 'bob', kind: 'user', roles: ['publisher'] });
    const events = watch.subscribe(
      request('subscription { violations { cursor } }', {}, { principal: publisher }),
      never,
    );
    const results = await all(events);
    expect(results).toMatchObject([{ errors: [{ extensions: { code: 'FORBIDDEN' } }] }]);
    expect(results[0]).not.toHaveProperty('data');
  });

  test.each([
    ['the reader leaves', (events: AsyncIterator<unknown>) => void events.return?.()],
    ['the signal aborts', (_: AsyncIterator<unknown>, leave: AbortController) => leave.abort()],
  ])('closes the stream upstream when %s, also while nothing comes', async (_, leaveBy) => {
    const leave = new AbortController();
    const events = watch.subscribe(request('subscription { violations { cursor } }'), leave.signal);
    const waiting = events.next();
    await eventually(() => expect(fixture.events.open).toBe(1));
    leaveBy(events, leave);
    expect((await waiting).done).toBe(true);
    await eventually(() => expect(fixture.events.open).toBe(0));
  });

  test('knows whether its subgraph is ready', async () => {
    expect(await catalog.ready(never)).toBeNull();
    await fixture.services.catalog.stop();
    expect(await catalog.ready(never)).toContain('catalog');
    await expect(catalog.execute(request('{ whoAmI }'), never)).rejects.toThrow();
    await fixture.services.catalog.start();
    expect(await catalog.ready(never)).toBeNull();
  });
});

describe('an HTTP link whose secret is not that of the services', () => {
  let fixture: Fixture;
  let forged: SubgraphLink;
  beforeAll(async () => {
    fixture = await startFixture({ kind: 'http', auth: 'tokens' });
    forged = createHttpLink({
      name: 'watch',
      url: fixture.services.watch.address(),
      secret: `${fixtureSecret} of another`,
    });
  });
  afterAll(async () => {
    await forged.close();
    await fixture.close();
  });

  test('is answered nothing', async () => {
    await expect(forged.execute(request('{ violationCount }'), never)).rejects.toThrow('401');
  });

  test('gets no stream', async () => {
    const events = forged.subscribe(request('subscription { ticks(upTo: 3) }'), never);
    await expect(all(events)).rejects.toThrow('broke');
  });
});

async function all(events: AsyncIterable<SubgraphResult>): Promise<readonly SubgraphResult[]> {
  const results: SubgraphResult[] = [];
  for await (const result of events) results.push(result);
  return results;
}

/** As the gateway guards a link to another process. */
function guarded(link: SubgraphLink): SubgraphLink {
  const breaker = createBreaker(
    { failures: 10, window: 20, openMs: 1_000 },
    { now: () => performance.now(), onChange: () => undefined },
  );
  const nobody = (): void => undefined;
  return withSingleFlight(withBreaker(withRetry(link, nobody), breaker, nobody), nobody);
}
