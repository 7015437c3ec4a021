import { afterEach, expect, test } from 'vitest';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, fixtureTokens, startFixture } from '../testing/start-fixture.ts';

let fixture: Fixture | undefined;
afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

const usageOf = async (url: string, token: string) =>
  await fetch(`${url}/usage`, { headers: { authorization: `Bearer ${token}` } });

test('what clients select is counted over every request, and shown to those who run the graph', async () => {
  fixture = await startFixture({ kind: 'in process', auth: 'tokens' });
  const { url } = fixture;
  const headers = { authorization: `Bearer ${fixtureTokens.viewer}` };
  const today = new Date().toISOString().slice(0, 10);
  for (let n = 0; n < 3; n += 1) await askGateway(url, '{ datasets { nodes { name } } }', { headers });
  await askGateway(url, '{ nothing }', { headers });

  expect((await usageOf(url, fixtureTokens.viewer)).status).toBe(403);
  const response = await usageOf(url, fixtureTokens.admin);
  expect(await response.json()).toEqual({
    from: today,
    to: today,
    fields: { 'Dataset.name': 3, 'DatasetConnection.nodes': 3, 'Query.datasets': 3 },
  });
});
