import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { eventually } from '@spine/testkit/eventually';
import { afterEach, describe, expect, test } from 'vitest';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, linkKinds, startFixture } from '../testing/start-fixture.ts';

const slow = '{ slow(ms: 60) }';
const join = '{ datasets { nodes { name rows subject { name versions } } } }';

let fixture: Fixture | undefined;
afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

const metricsOf = async (url: string) => await (await fetch(`${url}/metrics`)).text();

function replace(file: string, text: string): void {
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}

describe.each(linkKinds)('a gateway whose supergraph is swapped, subgraphs %s', (kind) => {
  // Over HTTP what is between gateway and subgraph matters, not how often.
  const times = kind === 'http' ? 10 : 50;
  test(`answers every request while it is swapped ${times} times, the slow ones too, and plans nothing anew`, async () => {
    fixture = await startFixture({ kind });
    const { url, supergraphFile, log } = fixture;
    const first = readFileSync(supergraphFile, 'utf8');
    const swaps = () => log.entries.filter(({ fields }) => fields.event === 'supergraph.swapped').length;
    const expected = (await askGateway(url, join)).body;
    expect(expected.errors).toBeUndefined();
    await askGateway(url, slow);
    const planned = async () =>
      (await metricsOf(url)).match(/^spine_gateway_plan_duration_seconds_count.*$/m)?.[0];
    const plannedBefore = await planned();
    expect(plannedBefore).toMatch(/ 2$/);

    let stop = false;
    let answered = 0;
    const client = async (query: string, check: (body: unknown) => void): Promise<void> => {
      while (!stop) {
        const { status, body } = await askGateway(url, query);
        expect(status).toBe(200);
        check(body);
        answered += 1;
      }
    };
    const clients = [
      ...Array.from({ length: 4 }, () => client(join, (body) => expect(body).toEqual(expected))),
      // Begins on one graph and ends when another is in use.
      client(slow, (body) => expect(body).toEqual({ data: { slow: 'done' } })),
    ];
    for (let n = 1; n <= times; n += 1) {
      replace(supergraphFile, `${first}\n# ${n}\n`);
      await eventually(() => expect(swaps()).toBe(n));
    }
    stop = true;
    await Promise.all(clients);
    expect(answered).toBeGreaterThan(times);
    expect(await planned()).toBe(plannedBefore);
  }, 60_000);

  test('serves the fields of the new one, and says so when a later one cannot be used', async () => {
    fixture = await startFixture({ kind });
    const { url, supergraphFile } = fixture;
    const whole = readFileSync(supergraphFile, 'utf8');
    const without = whole.replace(/^ {2}adminOnly: String.*\n/m, '');
    expect(without).not.toBe(whole);
    const readyz = async () => await (await fetch(`${url}/readyz`)).json();

    replace(supergraphFile, without);
    await eventually(async () => {
      const { body } = await askGateway(url, '{ adminOnly }');
      expect(body.errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    });
    replace(supergraphFile, 'type Query { broken');
    await eventually(async () => {
      expect(await readyz()).toMatchObject({
        status: 'ready',
        degraded: { supergraph: 'the supergraph cannot be read' },
      });
    });
    expect((await askGateway(url, join)).body.errors).toBeUndefined();
    const text = await metricsOf(url);
    expect(text).toMatch(/^spine_gateway_supergraph_stale\{.*\} 1$/m);
    expect(text).toMatch(/^spine_gateway_supergraph_loads_total\{outcome="swapped".*\} 1$/m);
    expect(text).toMatch(/^spine_gateway_supergraph_loads_total\{outcome="kept".*\} 1$/m);
    replace(supergraphFile, whole);
    await eventually(async () => expect(await readyz()).not.toHaveProperty('degraded'));
    expect((await askGateway(url, '{ adminOnly }')).body.data).toEqual({ adminOnly: 'secret' });
  });
});
