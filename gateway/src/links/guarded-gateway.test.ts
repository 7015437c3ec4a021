import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, fixtureTokens, startFixture } from '../testing/start-fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({
    kind: 'http',
    auth: 'tokens',
    config: { breaker: { failures: 4, window: 8, openMs: 300 } },
  });
});
afterAll(() => fixture.close());

const as = (who: keyof typeof fixtureTokens) => ({
  headers: { authorization: `Bearer ${fixtureTokens[who]}` },
});
const sampleOf = async (start: string) => {
  const text = await (await fetch(`${fixture.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(start));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
};

test('two principals with different rights who ask the same at once never see each other’s fields', async () => {
  const query = '{ whoAmI adminOnly slow(ms: 30) }';
  const rounds = Array.from({ length: 10 }, () => [
    askGateway(fixture.url, query, as('viewer')),
    askGateway(fixture.url, query, as('admin')),
    askGateway(fixture.url, query, as('viewer')),
    askGateway(fixture.url, query, as('admin')),
  ]);
  const bodies = (await Promise.all(rounds.flat())).map(({ body }) => body);
  bodies.forEach(({ data, errors }, index) => {
    if (index % 2 === 0) {
      expect(data).toMatchObject({ whoAmI: 'user the-viewer viewer', adminOnly: null });
      expect(errors).toMatchObject([{ path: ['adminOnly'], extensions: { code: 'FORBIDDEN' } }]);
    } else {
      expect(data).toMatchObject({ whoAmI: 'user the-admin admin security', adminOnly: 'secret' });
      expect(errors).toBeUndefined();
    }
  });
  // It was worth the care: most of them did share.
  expect(await sampleOf('spine_gateway_fetches_shared_total{subgraph="catalog"')).toBeGreaterThan(20);
});

test('a subgraph that is away is left alone, the others answer, and when it is back it is asked again', async () => {
  const both = '{ whoAmI violationCount }';
  await fixture.services.watch.stop();
  for (let n = 0; n < 6; n += 1) {
    const { body } = await askGateway(fixture.url, both, as('viewer'));
    expect(body.data).toEqual({ whoAmI: 'user the-viewer viewer', violationCount: null });
    expect(body.errors).toMatchObject([
      { path: ['violationCount'], extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'watch' } },
    ]);
  }
  const refused = await askGateway(fixture.url, both, as('viewer'));
  expect(refused.body.errors[0].extensions.fix).toMatch(/^It is tried again in 0\.\d s\.$/);
  expect(await sampleOf('spine_gateway_breaker_refused_total{subgraph="watch"')).toBeGreaterThan(0);
  expect(await sampleOf('spine_gateway_breaker_state{subgraph="watch"')).toBe(2);
  expect(await sampleOf('spine_gateway_breaker_state{subgraph="catalog"')).toBe(0);
  expect((await fetch(`${fixture.url}/readyz`)).status).toBe(503);

  await fixture.services.watch.start();
  // Ready again, and not tried yet.
  const ready = await (await fetch(`${fixture.url}/readyz`)).json();
  expect(ready).toMatchObject({ degraded: { watch: 'its breaker is half-open' } });
  await eventually(async () => {
    const { body } = await askGateway(fixture.url, both, as('viewer'));
    expect(body.data).toEqual({ whoAmI: 'user the-viewer viewer', violationCount: 3 });
  });
  expect(await sampleOf('spine_gateway_breaker_state{subgraph="watch"')).toBe(0);
  expect((await fetch(`${fixture.url}/readyz`)).status).toBe(200);
});
