import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTcpProxy, type TcpProxy } from '@spine/testkit/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGatewayDatabase } from '../store/gateway-database.ts';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, fixtureTokens, startFixture } from '../testing/start-fixture.ts';

const rename = 'mutation { rename(input: { name: "customers", to: "b" }) { name } }';
const headers = { authorization: `Bearer ${fixtureTokens.admin}` };

let given: TestDatabase;
let fixture: Fixture;
let proxy: TcpProxy;
beforeAll(async () => {
  given = await createTestDatabase();
  proxy = await createTcpProxy({ port: Number(new URL(given.url).port) });
  fixture = await startFixture({
    kind: 'in process',
    auth: 'tokens',
    config: { databaseUrl: proxy.through(given.url) },
  });
});
afterAll(async () => {
  await fixture.close();
  await proxy.close();
  await given.drop();
});

const codeOf = async (query: string): Promise<string> => {
  const { body } = await askGateway(fixture.url, query, { headers });
  return body.errors?.[0]?.extensions.code ?? 'OK';
};

test('a mutation is recorded before it is answered; without the database it is refused, and queries go on', async () => {
  expect(await codeOf(rename)).toBe('OK');
  const database = openGatewayDatabase(given.url, createRecordingLog());
  const { kysely } = await database.ready();
  const { rows } = await sql<{ body: string }>`select body from audit order by seq`.execute(kysely);
  expect(JSON.parse(rows[0]?.body ?? '{}')).toMatchObject({
    kind: 'mutation',
    principal: { id: 'the-admin' },
  });

  proxy.cut();
  expect(await codeOf(rename)).toBe('SERVICE_UNAVAILABLE');
  expect(await codeOf('{ adminOnly }')).toBe('OK');
  const ready = await fetch(`${fixture.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.text()).toContain('mutations are refused');
  proxy.heal();
  await eventually(async () => expect(await codeOf(rename)).toBe('OK'));
  // The read that happened meanwhile, and the refusals, are not lost.
  await eventually(async () => {
    const kinds = await sql<{ kind: string }>`select body::json ->> 'kind' as kind from audit`.execute(
      kysely,
    );
    expect(kinds.rows.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['read', 'refused', 'outcome']),
    );
  });
  await database.close();
});

describe('spine audit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spine-audit-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('verifies the chain of a running gateway, exports it, and finds what was changed in an export', async () => {
    await codeOf(rename);
    const whole = await spine('verify', '--json');
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.out)).toMatchObject({ whole: true, head: { hash: expect.any(String) } });

    const file = join(folder, 'audit.jsonl');
    const from = '2020-01-01T00:00:00Z';
    expect((await spine('export', '--from', from, '--output', file)).code).toBe(0);
    expect((await spine('verify', '--file', file)).code).toBe(0);

    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(
      file,
      lines.map((line, at) => (at === 1 ? line.replace('the-admin', 'nobody') : line)).join('\n'),
    );
    const broken = await spine('verify', '--file', file, '--json');
    expect(broken.code).toBe(14);
    expect(JSON.parse(broken.out).fault).toMatch(/entry 2 is not what its hash says/);
  });
});

async function spine(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly out: string }> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const child = spawn(process.execPath, ['scripts/run.js', 'cli/src/main.ts', 'audit', ...args], {
    cwd: root,
    env: { ...process.env, SPINE_GATEWAY_URL: fixture.url, SPINE_TOKEN: fixtureTokens.admin },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (data) => {
    out += String(data);
  });
  const [code] = await once(child, 'close');
  return { code, out };
}
