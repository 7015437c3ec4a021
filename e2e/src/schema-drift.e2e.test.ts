import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, subscribeClient } from './ask.ts';
import { contentOf, runSql } from './content-hash.ts';
import { withoutEmbedded } from './shop-stage.ts';
import { type Stage, type StageSetting, startCompose, startUp } from './stage.ts';

// A source table changes under a route: what readers bear flows on as a minor version, what breaks them stops that table alone,
// and its incident names the two ways out.
const spec = `apiVersion: spine/v1
sources:
  - { name: crm, type: postgres, url: embedded:crm, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: mart, type: postgres, url: embedded:mart, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: w }
routes:
  - { name: crm-to-mart, source: crm, sink: mart, tables: [public.*], owner: data-platform }
classification:
  - { dataset: crm.public.*, class: internal }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: test }
`;
const setting: StageSetting = {
  databases: ['crm', 'mart'],
  prepare: async (urlOf) => {
    await runSql(
      urlOf('crm'),
      `create table lead (id int primary key, name text not null, score int not null);
       create table call (id int primary key, note text);
       insert into lead select n, 'lead ' || n, n from generate_series(1, 200) n; insert into call values (1, 'first');`,
    );
  },
};

interface Incident {
  readonly table: string;
  readonly breaches: readonly { readonly message: string }[];
  readonly requiredVersion: string;
  readonly waysOut: readonly string[];
}

describe.each([
  ['spine up', () => startUp(setting), spec],
  ['every service in its own process', () => startCompose(setting), withoutEmbedded(spec)],
] as const)('schema drift, with %s', (_how, start, text) => {
  let stage: Stage;
  const seen: string[] = [];
  let leave: () => Promise<void>;
  const atSource = (sql: string) => runSql(stage.urlOf('crm'), sql);
  const equal = async (table: string) =>
    expect(await contentOf(stage.urlOf('mart'), table)).toEqual(await contentOf(stage.urlOf('crm'), table));
  /** By the names of columns: one that was added again stands elsewhere at the source. */
  const verified = () =>
    eventually(
      async () => {
        const { stdout } = await stage.run('cdc', 'verify', 'crm-to-mart', 'public.lead', '--json');
        expect(JSON.parse(stdout).equal).toBe(true);
      },
      { timeoutMs: 30_000 },
    );
  const flows = (table: string) => eventually(() => equal(table), { timeoutMs: 30_000, everyMs: 100 });
  const semver = async (): Promise<string> => {
    const { data } = await ask(
      stage.urls.gateway,
      '{ subject(name: "crm.public.lead") { latest { semver } } }',
      {},
      stage.token,
    );
    return data.subject.latest.semver;
  };
  const incidents = async (): Promise<readonly Incident[]> =>
    JSON.parse((await stage.run('cdc', 'incidents', 'crm-to-mart', '--json')).stdout).incidents;

  /** Everything that the stream of route events tells, from the start on. */
  function follow(): void {
    const client = subscribeClient(stage.urls.gateway, stage.token);
    const iterator = client.iterate({
      query: `subscription { routeEvents(route: "crm-to-mart") { __typename
        ... on IncidentOpened { incident { table } } ... on IncidentResolved { incident { table } }
        ... on RouteTableStateChanged { table state } } }`,
    });
    const reading = (async () => {
      for await (const { data, errors } of iterator) {
        if (errors) throw new Error(JSON.stringify(errors));
        const item = data?.['routeEvents'] as { __typename: string; incident?: { table: string } };
        if (item.incident !== undefined) seen.push(`${item.__typename} ${item.incident.table}`);
      }
    })();
    leave = async () => {
      await iterator.return?.();
      await client.dispose();
      await reading.catch(() => undefined);
    };
  }

  beforeAll(async () => {
    seen.length = 0;
    stage = await start();
    await stage.apply(text);
    await flows('lead');
    follow();
  });
  afterAll(async () => {
    await leave?.();
    await stage?.stop();
  });

  test('a column that may be null flows on, as a minor version (R34)', async () => {
    expect(await semver()).toBe('1.0.0');
    await atSource(
      `alter table lead add column source text; insert into lead values (1000, 'new', 1, 'web')`,
    );
    await flows('lead');
    expect(await semver()).toBe('1.1.0');
    expect((await stage.run('cdc', 'incidents')).code).toBe(0);
  });

  test('a column that is taken away stops that table, opens an incident, and others flow', async () => {
    await atSource(`alter table lead drop column score; insert into lead values (1001, 'broken')`);
    await eventually(async () => expect(await incidents()).toHaveLength(1), { timeoutMs: 30_000 });
    const [incident] = await incidents();
    expect(incident).toMatchObject({ table: 'lead', requiredVersion: '2.0.0' });
    expect(incident?.breaches[0]?.message).toContain('score');
    expect(incident?.waysOut).toHaveLength(2);
    expect(incident?.waysOut[1]).toContain('spine cdc accept crm-to-mart public.lead');
    await atSource(`insert into call values (2, 'second')`);
    await flows('call');
    expect(await runSql(stage.urlOf('mart'), 'select 1 from lead where id = 1001')).toEqual([]);
    const printed = await stage.run('cdc', 'incidents');
    expect(printed.code).toBe(1);
    expect(printed.stdout).toContain('public.lead');
    await eventually(() => expect(seen).toEqual(['IncidentOpened lead']));
  });

  test('first way out: the source goes back, and the table is copied again', async () => {
    await atSource('alter table lead add column score int; update lead set score = id');
    await atSource('alter table lead alter column score set not null');
    await stage.spine('cdc', 'resnapshot', 'crm-to-mart', 'public.lead', '--wait');
    await verified();
    expect(await incidents()).toEqual([]);
    await atSource(`insert into lead (id, name, score) values (1002, 'mended', 1)`);
    await verified();
    await eventually(() => expect(seen).toEqual(['IncidentOpened lead', 'IncidentResolved lead']));
  });

  test('second way out: the break is accepted, as a new major version on a line of its own', async () => {
    await atSource(`alter table lead drop column name; insert into lead (id, score) values (1003, 3)`);
    await eventually(async () => expect(await incidents()).toHaveLength(1), { timeoutMs: 30_000 });
    const accepted = await stage.spine('cdc', 'accept', 'crm-to-mart', 'public.lead', '--wait');
    expect(accepted).toContain('2.0.0');
    expect(await semver()).toBe('2.0.0');
    await verified();
    expect(await incidents()).toEqual([]);
    await atSource('update lead set score = 77 where id = 1003');
    await eventually(async () => {
      const rows = await runSql(stage.urlOf('mart'), 'select score from lead where id = 1003');
      expect(rows).toEqual([{ score: 77 }]);
    });
  });

  test('an incident that is not there is said so, with what lists them', async () => {
    const { code, stderr } = await stage.run('cdc', 'accept', 'crm-to-mart', 'public.call');
    expect(code).not.toBe(0);
    expect(stderr).toContain('spine cdc incidents');
  });
});
