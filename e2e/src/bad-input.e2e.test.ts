import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@spine/testkit/eventually';
import { startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSql } from './content-hash.ts';
import { withoutEmbedded } from './shop-stage.ts';
import { createHome } from './spine-process.ts';
import { type Stage, startCompose, startUp } from './stage.ts';

// Each mistake that people make gets one clear error that names the fix, and nothing that already moves is lost.
const root = fileURLToPath(new URL('../..', import.meta.url));
const idle = createHome();

const spec = (source: string, tables = 'public.*') => `apiVersion: spine/v1
sources:
  - { name: good, type: postgres, url: embedded:good, region: eu-central-1, owner: a, tables: [public.*] }
  - { name: bad, type: postgres, url: ${source}, region: eu-central-1, owner: a, tables: [public.*] }
sinks:
  - { name: copy, type: postgres, url: embedded:good_copy, region: eu-central-1, owner: a, purpose: analytics, retention: P1D, iam: w }
  - { name: bad-copy, type: postgres, url: embedded:bad_copy, region: eu-central-1, owner: a, purpose: analytics, retention: P1D, iam: w }
routes:
  - { name: good-to-copy, source: good, sink: copy, tables: [public.*], owner: a }
  - { name: bad-to-copy, source: bad, sink: bad-copy, tables: [${tables}], owner: a }
classification:
  - { dataset: good.public.*, class: internal }
  - { dataset: bad.public.*, class: internal }
residency:
  rules:
    - { id: all, effect: allow, match: { class: [internal] }, rationale: test }
`;

/** One command in a home where nothing runs. */
function alone(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/run.js'), 'cli/src/main.ts', ...args],
    {
      cwd: idle.home,
      encoding: 'utf8',
      env: { ...process.env, SPINE_HOME: idle.home, SPINE_CDC_URL: undefined },
    },
  );
  return { code: status, stdout, stderr };
}

interface RouteStatus {
  readonly name: string;
  readonly state: string;
  readonly stateReason: string | null;
}

afterAll(idle.remove);

describe('bad input where nothing runs', () => {
  test('an unknown key ends with code 2, its line, and the nearest key', () => {
    writeFileSync(
      join(idle.home, 'spine.yaml'),
      spec('env:PLAIN_URL').replace('owner: a, tables', 'ownr: a, tables'),
    );
    const { code, stderr } = alone('plan');
    expect(code).toBe(2);
    expect(stderr).toContain("spine.yaml:3 sources[0].ownr: unknown key; did you mean 'owner'?");
  });

  test('an unknown region names the nearest, an unknown command the help', () => {
    writeFileSync(
      join(idle.home, 'spine.yaml'),
      spec('env:PLAIN_URL').replace('eu-central-1', 'eu-centrall-1'),
    );
    const region = alone('plan');
    expect(region.code).toBe(2);
    expect(region.stderr).toContain("did you mean 'eu-central-1'?");
    expect(alone('aply').code).toBe(2);
    expect(alone('--help').code).toBe(0);
  });

  test('a command without anything running ends with code 3 and says how to start it', () => {
    const { code, stderr } = alone('status');
    expect(code).toBe(3);
    expect(stderr).toContain('spine up');
  });

  test('a file that is not there ends with code 2 and names spine init', () => {
    const { code, stderr } = alone('apply', '-f', 'nowhere.yaml');
    expect(code).toBe(2);
    expect(stderr).toContain('spine init');
  });

  test('a busy port ends spine up with code 3, its holder and the variable', async () => {
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'scripts/run.js'), 'cli/src/main.ts', 'up'],
      {
        cwd: createHome().home,
        encoding: 'utf8',
        env: { ...process.env, SPINE_HOME: idle.home, SPINE_REGISTRY_PORT: String(port) },
      },
    );
    server.close();
    expect(stderr).toContain('PORT_BUSY');
    expect(stderr).toContain('SPINE_REGISTRY_PORT');
    expect(status).toBe(3);
  }, 60_000);
});

describe.each([
  ['spine up', startUp, (text: string) => text],
  ['every service in its own process', startCompose, withoutEmbedded],
] as const)('bad input, with %s', (_how, start, write) => {
  let stage: Stage;
  let plain: TestPostgres;

  async function route(name: string): Promise<RouteStatus | undefined> {
    // A route that failed is a status of 1, told in full all the same.
    const { stdout } = await stage.run('status', '--json');
    const { routes } = JSON.parse(stdout) as { routes: RouteStatus[] };
    return routes.find((candidate) => candidate.name === name);
  }

  async function goodRouteStillFlows(): Promise<void> {
    const [row] = await runSql<{ id: string }>(
      stage.urlOf('good'),
      'insert into t default values returning id',
    );
    await eventually(async () => {
      const there = await runSql(stage.urlOf('good_copy'), 'select 1 from t where id = $1', [row?.id]);
      expect(there).toHaveLength(1);
    });
  }

  beforeAll(async () => {
    plain = await startPostgres({ version: 'embedded', settings: { wal_level: 'replica' } });
    await runSql(plain.url, 'create table t (id int primary key)');
    stage = await start({
      databases: ['good', 'good_copy', 'bad_copy'],
      env: { PLAIN_URL: plain.url },
      prepare: async (urlOf) => {
        await runSql(urlOf('good'), 'create table t (id bigint generated always as identity primary key)');
      },
    });
  });
  afterAll(async () => {
    await stage?.stop();
    await plain?.stop();
  });

  test('a source without wal_level=logical fails its own route with the fix; the other flows', async () => {
    await stage.apply(write(spec('env:PLAIN_URL')));
    await eventually(
      async () => {
        const bad = await route('bad-to-copy');
        expect(bad?.state).toBe('failed');
        expect(bad?.stateReason).toContain('wal_level');
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
    await eventually(async () => expect((await route('good-to-copy'))?.state).toBe('streaming'), {
      timeoutMs: 30_000,
    });
    await goodRouteStillFlows();
    const { stdout, code } = await stage.run('doctor', '-f', 'spine.yaml');
    expect(code).toBe(3);
    expect(stdout).toContain('alter system set wal_level = logical');
  });

  test('an unreachable source is told by apply with code 3 and waited for; the other flows', async () => {
    await plain.kill9();
    const { code, stdout } = await stage.run('apply', '-f', 'spine.yaml');
    expect(code).toBe(3);
    expect(stdout).toContain('source bad: no connection');
    await eventually(async () => expect((await route('bad-to-copy'))?.state).toBe('source_down'), {
      timeoutMs: 30_000,
      everyMs: 200,
    });
    await goodRouteStillFlows();
  });

  test('a secret that is not set is refused by name, and its value is never asked for', async () => {
    writeFileSync(join(stage.home, 'secret.yaml'), write(spec('env:NOT_SET_URL')));
    const { code, stderr } = await stage.run('apply', '-f', 'secret.yaml');
    expect(code).toBe(2);
    expect(stderr).toContain('NOT_SET_URL');
    await goodRouteStillFlows();
  });

  test('spine init writes a file of under 25 lines that parses, without the URL in it', async () => {
    const url = stage.urlOf('good');
    const { code } = await stage.run('init', url, '-f', 'own.yaml');
    expect(code).toBe(0);
    const text = readFileSync(join(stage.home, 'own.yaml'), 'utf8');
    expect(text.trim().split('\n').length).toBeLessThan(25);
    expect(text).not.toContain(new URL(url).password);
    const planned = await stage.run('plan', '-f', 'own.yaml', '--json');
    expect(planned.stderr + planned.stdout).toContain('SOURCE_URL');
    const again = await stage.run('init', url, '-f', 'own.yaml');
    expect(again.code).toBe(2);
  });
});
