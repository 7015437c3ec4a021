import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askOver, transports } from '../testing/ask-over.ts';
import { type Fixture, fixtureTokens, startFixture } from '../testing/start-fixture.ts';
import { hashOf } from '../trusted/parse-manifest.ts';

// A subgraph that checks nothing by itself: what is refused here is refused by the gateway, by the directive alone.
const guardedQuery = 'query Guarded { whoAmI violationCount }';
const guardedStream = 'subscription Guarded { ticks(upTo: 1) }';
const folder = mkdtempSync(join(tmpdir(), 'spine-directives-'));
const manifestFile = join(folder, 'manifest.json');
writeFileSync(manifestFile, JSON.stringify({ [hashOf(guardedQuery)]: guardedQuery }));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a field with @requiresScopes', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({
      kind: 'in process',
      auth: 'tokens',
      config: { trusted: { mode: 'audit', manifestFile } },
      rewriteSdl: (sdl) =>
        sdl
          .replace('"@tag"', '"@tag", "@requiresScopes", "@authenticated"')
          .replace('violationCount: Int', 'violationCount: Int @requiresScopes(scopes: [["security"]])')
          .replace(
            'ticks(upTo: Int!): Int!',
            'ticks(upTo: Int!): Int! @requiresScopes(scopes: [["security"]])',
          )
          .replace('whoAmI: String!', 'whoAmI: String! @authenticated'),
    });
  });
  afterAll(() => fixture.close());

  test.each(transports)('is for those who hold the role, over %s', async (transport) => {
    const ask = (token: string) => askOver(transport, fixture.url, { query: guardedQuery }, token);
    expect((await ask(fixtureTokens.viewer)).codes).toEqual(['FORBIDDEN']);
    expect((await ask(fixtureTokens.viewer)).data).toBeUndefined();
    expect(await ask(fixtureTokens.admin)).toMatchObject({ codes: [], data: { violationCount: 3 } });
  });

  test.each(transports)('is so in a trusted document, over %s', async (transport) => {
    const request = { documentId: hashOf(guardedQuery) };
    expect((await askOver(transport, fixture.url, request, fixtureTokens.viewer)).codes).toEqual([
      'FORBIDDEN',
    ]);
  });

  test.each(['SSE', 'WebSocket'] as const)('is so for a stream, over %s', async (transport) => {
    const ask = (token: string) => askOver(transport, fixture.url, { query: guardedStream }, token);
    expect((await ask(fixtureTokens.viewer)).codes).toEqual(['FORBIDDEN']);
    expect(await ask(fixtureTokens.admin)).toMatchObject({ data: { ticks: 1 } });
  });

  test('the rest of the graph is for everyone', async () => {
    expect(await askOver('POST', fixture.url, { query: '{ whoAmI }' }, fixtureTokens.viewer)).toMatchObject({
      codes: [],
    });
  });
});
