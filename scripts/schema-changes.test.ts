import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { checkChanges, findChanges } from './schema-changes.ts';
import { nextVersion, releaseOf } from './schema-release.ts';
import { readFieldUsage } from './schema-usage.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const now = new Date('2026-11-24T12:00:00Z');
const released = buildSchema(`
  type Query { dataset(name: String): Dataset  old: String }
  type Dataset { name: String!  rows: Int  state: State }
  enum State { ON OFF }
`);
const fields = { 'Query.dataset': 90, 'Dataset.name': 40, 'Dataset.state': 2 };
const usage = (over: { from?: string; to?: string } = {}) =>
  readFieldUsage(JSON.stringify({ from: '2026-10-01', to: '2026-11-24', fields, ...over }), now);
const check = (sdl: string, known = usage()) => checkChanges(released, buildSchema(sdl), known);
const withoutName = `
  type Query { dataset(name: String): Dataset  old: String }
  type Dataset { rows: Int  state: State }
  enum State { ON OFF }
`;
const withoutOld = `
  type Query { dataset(name: String): Dataset }
  type Dataset { name: String!  rows: Int  state: State }
  enum State { ON OFF }
`;

describe('a breaking change of the graph', () => {
  test('of a field that clients select fails, with how often they do', async () => {
    expect((await check(withoutName)).failures).toEqual([
      "Field 'name' was removed from object type 'Dataset' (selected 40 times in the last 30 days)",
    ]);
  });

  test('of a field that nobody selected in 30 days is only warned of', async () => {
    const { failures, warnings } = await check(withoutOld);
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("Field 'old' was removed")]);
  });

  test.each([
    ['there is no export', readFieldUsage(null, now)],
    ['the export is older than a week', usage({ to: '2026-11-16' })],
    ['the export covers fewer than 30 days', usage({ from: '2026-11-01' })],
  ])('fails when usage is not known because %s', async (_, known) => {
    expect((await check(withoutOld, known)).failures).toEqual([expect.stringContaining('not known')]);
  });

  test.each([
    ['a value of an enum', withoutOld.replace('ON OFF', 'ON'), 'State'],
    ['a required argument', withoutOld.replace('name: String)', 'name: String, region: String!)'), 'region'],
    ['a type', withoutOld.replace('enum State { ON OFF }', 'scalar State'), 'State'],
  ])('of %s fails: only the selection of fields is counted', async (_, sdl, what) => {
    expect((await check(sdl)).failures).toEqual([expect.stringContaining(what)]);
  });

  test('that is none, such as a new field, is let through', async () => {
    const report = await check(
      `${withoutOld.replace('type Query {', 'type Query { old: String  fresh: Int')}`,
    );
    expect(report).toEqual({ failures: [], warnings: [] });
  });
});

test.each([
  ['@deprecated', 1],
  ['@deprecated(reason: "Use name.")', 1],
  ['@deprecated(reason: "Use name. Remove after 2027-03-01.")', 0],
])('a deprecation needs the date of its removal: %s', async (directive, failing) => {
  const sdl = `type Query { dataset(name: String): Dataset  old: String }
    type Dataset { name: String!  rows: Int ${directive}  state: State }
    enum State { ON OFF }`;
  expect((await check(sdl)).failures).toHaveLength(failing);
});

describe('a release', () => {
  const breaking = findChanges(released, buildSchema(withoutOld));
  const adding = findChanges(buildSchema(withoutOld), released);

  test('bumps the client as semver wants it for what changed', async () => {
    expect(nextVersion('1.4.2', await breaking)).toBe('2.0.0');
    expect(nextVersion('1.4.2', await adding)).toBe('1.5.0');
    expect(nextVersion('0.4.2', await breaking)).toBe('0.5.0');
    expect(nextVersion('0.4.2', await adding)).toBe('0.4.3');
    const worded = findChanges(
      buildSchema('type Query { a: Int }'),
      buildSchema('type Query { "A number." a: Int }'),
    );
    expect(nextVersion('1.4.2', await worded)).toBe('1.4.3');
  });

  test('is written above the ones before it, and is none when nothing changed', async () => {
    const first = releaseOf(await adding, { version: '0.1.0', changelog: null }, '2026-11-24');
    const second = releaseOf(
      await breaking,
      { version: '0.1.1', changelog: first?.changelog ?? '' },
      '2026-12-01',
    );
    expect(second?.changelog.match(/^## .*$/gm)).toEqual(['## 0.2.0 (2026-12-01)', '## 0.1.1 (2026-11-24)']);
    expect(second?.changelog.match(/^# /gm)).toHaveLength(1);
    expect(releaseOf([], { version: '0.1.0', changelog: null }, '2026-12-01')).toBeNull();
  });
});

test('the check of CI fails on a field that is taken from the committed graph, and passes on the graph itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spine-schema-'));
  try {
    mkdirSync(join(folder, 'graphql'));
    mkdirSync(join(folder, 'client/artifacts'), { recursive: true });
    cpSync(join(root, 'schema/graphql/released.graphql'), join(folder, 'graphql/released.graphql'));
    const sdl = readFileSync(join(root, 'schema/graphql/released.graphql'), 'utf8');
    const run = (text: string) => {
      writeFileSync(join(folder, 'client/artifacts/api.graphql'), text);
      const script = ['scripts/run.js', 'scripts/schema-compatibility.ts', folder];
      return spawnSync(process.execPath, script, { cwd: root, encoding: 'utf8' });
    };
    expect(run(sdl)).toMatchObject({ status: 0, stderr: '' });
    const planted = sdl.replace(/^ {2}rowsWithheld: Float!\n/m, '');
    expect(planted).not.toBe(sdl);
    const { status, stderr } = run(planted);
    expect(status).toBe(1);
    expect(stderr).toContain("Field 'rowsWithheld' was removed");
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);
