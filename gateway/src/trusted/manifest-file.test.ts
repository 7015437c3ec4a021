import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ManifestFile, openManifestFile } from './manifest-file.ts';
import { hashOf, parseManifest } from './parse-manifest.ts';

const a = '{ a }';
const b = '{ b }';
const relay = (document: string) => JSON.stringify({ [hashOf(document)]: document });

let folder: string;
let opened: ManifestFile | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spine-manifest-'));
});
afterEach(() => {
  opened?.close();
  rmSync(folder, { recursive: true });
});

test('a manifest follows its file, and the last good one is kept when the file breaks or goes', async () => {
  const file = join(folder, 'manifest.json');
  const log = createRecordingLog();
  writeFileSync(file, relay(a));
  const manifest = openManifestFile(file, { log, everyMs: 10 });
  opened = manifest;
  expect([...manifest.current().values()]).toEqual([a]);

  writeFileSync(join(folder, 'next.json'), relay(b));
  renameSync(join(folder, 'next.json'), file);
  await eventually(() => expect([...manifest.current().values()]).toEqual([b]));

  writeFileSync(file, '{"half":');
  await eventually(() =>
    expect(log.entries.map(({ fields }) => fields.event)).toContain('trusted.manifest_kept'),
  );
  expect([...manifest.current().values()]).toEqual([b]);
  rmSync(file);
  await eventually(() =>
    expect(log.entries.filter(({ fields }) => fields.event === 'trusted.manifest_kept')).toHaveLength(2),
  );
  expect([...manifest.current().values()]).toEqual([b]);
});

test('the manifest of our client is read', () => {
  const file = new URL('../../../schema/client/artifacts/persisted-operations.json', import.meta.url);
  const manifest = parseManifest(readFileSync(file, 'utf8'));
  expect([...manifest.values()].join()).toContain('query Headline');
});

test("Apollo's manifest is read, too", () => {
  const manifest = parseManifest(
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: hashOf(a), name: 'A', type: 'query', body: a }],
    }),
  );
  expect(manifest.get(hashOf(a))).toBe(a);
});

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['a document that is no text', '{"x": 1}'],
  ['a document of another hash', JSON.stringify({ [hashOf(a)]: b })],
  ['operations without an id', '{"operations": [{"body": "{ a }"}]}'],
])('a manifest with %s is refused', (_, json) => {
  expect(() => parseManifest(json)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

test('a start without the file is refused', () => {
  const log = createRecordingLog();
  expect(() => openManifestFile(join(folder, 'none.json'), { log })).toThrow(/SPINE|manifest/);
});
