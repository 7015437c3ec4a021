import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from './ask.ts';
import { runSql } from './content-hash.ts';
import { withoutEmbedded } from './shop-stage.ts';
import { type Stage, type StageSetting, startCompose, startUp } from './stage.ts';

// R57, R58: somebody taps the source without asking. The next scan finds it, a person judges it, and what is enforced is cut off.
const specOf = (more: string): string => `apiVersion: spine/v1
sources:
  - { name: till, type: postgres, url: embedded:till, region: eu-central-1, owner: data-platform, tables: [public.*]${more} }
sinks:
  - { name: book, type: postgres, url: embedded:till_book, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: w }
routes:
  - { name: till-to-book, source: till, sink: book, tables: [public.*], owner: data-platform }
classification:
  - { dataset: till.public.*, class: internal }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: test }
`;
const setting: StageSetting = {
  databases: ['till', 'till_book'],
  env: { SPINE_CDC_SCAN_MS: '1000' },
  prepare: async (urlOf) => {
    await runSql(urlOf('till'), `create table sale (id int primary key); insert into sale values (1)`);
    await runSql(urlOf('till'), slot('known_before'));
  },
};
const slot = (name: string): string => `select pg_create_logical_replication_slot('${name}', 'pgoutput')`;

interface Finding {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly quarantineSteps: readonly string[];
}

describe.each([
  ['spine up', () => startUp(setting), (text: string) => text],
  ['every service in its own process', () => startCompose(setting), withoutEmbedded],
] as const)('a rogue slot, with %s', (_how, start, adapt) => {
  let stage: Stage;
  const atSource = (sql: string) => runSql(stage.urlOf('till'), sql);
  const slots = async (): Promise<string[]> =>
    (await atSource('select slot_name from pg_replication_slots order by 1')).map((row) => row['slot_name']);
  const scan = async (): Promise<{ code: number | null; findings: Finding[]; baseline: Finding[] }> => {
    const { code, stdout } = await stage.run('cdc', 'scan', '--json');
    return { code, ...JSON.parse(stdout) };
  };
  const namesOf = (findings: readonly Finding[]) => findings.map(({ kind, name }) => `${kind} ${name}`);

  beforeAll(async () => {
    stage = await start();
    await stage.apply(adapt(specOf('')));
    await eventually(async () => expect(await slots()).toContain('spine_till_to_book'), {
      timeoutMs: 60_000,
    });
  });
  afterAll(() => stage?.stop());

  test('what was there before is a baseline for review; a route and its slot are nobody to find', async () => {
    const { code, findings, baseline } = await scan();
    expect(namesOf(baseline)).toContain('SLOT known_before');
    expect(namesOf([...findings, ...baseline]).join()).not.toContain('spine_till_to_book');
    expect({ code, findings }).toEqual({ code: 0, findings: [] });
  });

  test('a slot that somebody makes is found within one interval, and in shadow mode left alone', async () => {
    await atSource(slot('rogue_tap'));
    const openOf = async (): Promise<string[]> => {
      const query = '{ findings(first: 100, state: OPEN) { nodes { name } } }';
      const { data } = await ask(stage.urls.gateway, query, {}, stage.token);
      return data.findings.nodes.map(({ name }: { name: string }) => name);
    };
    await eventually(async () => expect(await openOf()).toEqual(['rogue_tap']), { everyMs: 100 });
    const { code, findings } = await scan();
    expect(code).toBe(1);
    expect(findings).toMatchObject([
      { name: 'rogue_tap', quarantineSteps: ['end whoever reads the slot rogue_tap, and drop it'] },
    ]);
    expect(await slots()).toContain('rogue_tap');
  });

  test('people are told what to do, and a verdict needs its reason', async () => {
    const { code, stdout } = await stage.run('cdc', 'scan');
    expect(code).toBe(1);
    expect(stdout).toContain('rogue_tap');
    expect(stdout).toContain('spine cdc review');
    expect((await stage.run('cdc', 'review', '1', 'approve')).code).toBe(2);
    expect((await stage.run('cdc', 'review', '99999', 'approve', '--note', 'x')).code).toBe(1);
  });

  test('approved, it stays and no scan speaks of it again', async () => {
    const id = (await scan()).findings[0]?.id ?? '';
    await stage.spine('cdc', 'review', id, 'approve', '--note', 'the archive of finance');
    expect(await scan()).toMatchObject({ code: 0, findings: [] });
    expect(await slots()).toContain('rogue_tap');
  });

  test('where quarantine is enforced the next tap is dropped, and what is known stays', async () => {
    // `adminUrl` is a login of its own; here the same server's.
    // The matrix stays as it is, so there is nothing to sign.
    const file = join(stage.home, 'spine.yaml');
    writeFileSync(file, adapt(specOf(', quarantine: enforce, adminUrl: embedded:till')));
    await stage.spine('apply', '-f', file);
    await atSource(slot('rogue_second'));
    await eventually(async () => expect(await slots()).not.toContain('rogue_second'), { everyMs: 100 });
    expect(await slots()).toEqual(['known_before', 'rogue_tap', 'spine_till_to_book']);
    const gone = '{ findings(first: 100, state: GONE) { nodes { name actedAt reports { done } } } }';
    await eventually(async () => {
      const { data } = await ask(stage.urls.gateway, gone, {}, stage.token);
      expect(data.findings.nodes).toContainEqual({
        name: 'rogue_second',
        actedAt: expect.any(String),
        reports: [{ done: true }],
      });
    });
  });
});
