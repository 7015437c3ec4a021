import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askOver, transports } from '../testing/ask-over.ts';
import { type Fixture, startFixture } from '../testing/start-fixture.ts';
import { hashOf } from '../trusted/parse-manifest.ts';

const count = 'query Count { violationCount }';
const echo = 'query Echo($text: String!) { echo(text: $text) }';
const folder = mkdtempSync(join(tmpdir(), 'spine-trusted-'));
const manifestFile = join(folder, 'manifest.json');
writeFileSync(
  manifestFile,
  JSON.stringify({ [hashOf(count)]: count, [hashOf(echo)]: echo, stale: 'query Stale { gone }' }),
);
afterAll(() => rmSync(folder, { recursive: true }));

let fixture: Fixture;

describe.each(transports)('where only trusted documents run, over %s', (transport) => {
  beforeAll(async () => {
    fixture = await startFixture({
      kind: 'in process',
      config: { trusted: { mode: 'enforce', manifestFile } },
    });
  });
  afterAll(() => fixture.close());
  const ask = (request: Readonly<Record<string, unknown>>) => askOver(transport, fixture.url, request);

  test('a document is asked for by its id, with variables', async () => {
    expect(await ask({ documentId: hashOf(count) })).toMatchObject({ data: { violationCount: 3 } });
    expect(await ask({ documentId: `sha256:${hashOf(echo)}`, variables: { text: 'a' } })).toMatchObject({
      data: { echo: 'a' },
    });
    expect(
      await ask({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(count) } } }),
    ).toMatchObject({ data: { violationCount: 3 } });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a text of its own', { query: '{ whoAmI }' }],
    ['an unknown id', { documentId: hashOf('{ whoAmI }') }],
    [
      'the registration of a text',
      {
        query: '{ whoAmI }',
        extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('{ whoAmI }') } },
      },
    ],
    ['a subscription of its own', { query: 'subscription { ticks(upTo: 1) }' }],
  ])('%s is refused, and nothing runs', async (_, request) => {
    const { codes, data } = await ask(request);
    expect(codes).toEqual(['DOCUMENT_NOT_TRUSTED']);
    expect(data).toBeUndefined();
  });
});

test('where trusted documents are audited every document runs, and those outside the manifest are counted', async () => {
  const audited = await startFixture({
    kind: 'in process',
    config: { trusted: { mode: 'audit', manifestFile } },
  });
  for (const transport of transports) {
    expect(await askOver(transport, audited.url, { query: '{ violationCount }' })).toMatchObject({
      data: { violationCount: 3 },
    });
  }
  expect(await askOver('POST', audited.url, { query: count })).toMatchObject({ data: { violationCount: 3 } });
  const metrics = await (await fetch(`${audited.url}/metrics`)).text();
  expect(metrics).toMatch(/untrusted_documents_total\S* 4\b/);
  const warned = audited.log.entries.filter(({ fields }) => fields.event === 'trusted.unknown_document');
  expect(warned).toHaveLength(4);
  await audited.close();
});

test('plans of the manifest are made before anybody asks, and what the graph does not know is logged', async () => {
  const warmed = await startFixture({
    kind: 'in process',
    config: { trusted: { mode: 'enforce', manifestFile } },
  });
  const events = warmed.log.entries.map(({ fields }) => ({
    event: fields.event,
    operation: fields['operation'],
  }));
  expect(events).toContainEqual({ event: 'trusted.not_valid', operation: 'Stale' });
  const made = async (): Promise<string | undefined> =>
    /plan_duration_seconds_count\S* (\d+)/.exec(await (await fetch(`${warmed.url}/metrics`)).text())?.[1];
  const before = await made();
  await askOver('POST', warmed.url, { documentId: hashOf(count) });
  expect(await made()).toBe(before);
  await warmed.close();
});
