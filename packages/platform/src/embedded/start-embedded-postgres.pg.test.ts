import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog, type RecordingLog } from '@spine/testkit/recording-log';
import { spawnSource } from '@spine/testkit/spawn-source';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canRead, canRun, canWriteIn, identity } from './can-run.ts';
import type { PostmasterExit } from './postmaster.ts';
import { findPostgresOn, findProcess } from './process-table.ts';
import { chooseRunAs } from './run-as.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts';

const holdProgram = new URL('../../../testkit/src/hold-embedded-postgres.ts', import.meta.url);
const runAs = chooseRunAs();
let home: string;
let log: RecordingLog;
let cleanUps: (() => Promise<unknown> | unknown)[];

beforeEach(async () => {
  cleanUps = [];
  log = createRecordingLog();
  home = await newHome();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function newHome(mode = 0o711): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'spine-home-'));
  await chmod(path, mode);
  cleanUps.push(() => rm(path, { recursive: true, force: true }));
  return path;
}
async function start(
  at = home,
  options: { port?: number; settings?: Record<string, string> } = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    home: at,
    log,
    ...options,
    settings: { fsync: 'off', ...options.settings },
  });
  cleanUps.push(() => server.stop());
  return server;
}
async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
const dataOf = (at = home): string => join(at, 'postgres', 'cluster', 'data');
const events = (): unknown[] => log.entries.map(({ fields }) => Object(fields).event);

test('it starts, answers, creates databases, and stopping leaves no process', async () => {
  const server = await start();
  expect(await query(server.url, 'show wal_level')).toEqual([{ wal_level: 'logical' }]);
  expect(await query(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  const shop = await server.createDatabase('shop "x"/ü');
  expect(await server.createDatabase('shop "x"/ü')).toBe(shop);
  expect(await query(shop, 'select current_database()')).toEqual([{ current_database: 'shop "x"/ü' }]);
  expect(findPostgresOn(dataOf()).length).toBeGreaterThan(3);
  await server.stop();
  expect(findPostgresOn(dataOf())).toEqual([]);
  await server.stop();
});

test('it keeps its data and its port from start to start', async () => {
  const first = await start();
  await query(first.url, 'create table kept as select 42 as n');
  await first.stop();
  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
});

test('the password is needed, lies in a private file, and the socket is private too', async () => {
  const server = await start();
  expect((await lstat(join(home, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
  expect((await lstat(dataOf())).mode & 0o077).toBe(0);
  const wrong = new URL(server.url);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  const [socket] = await query(server.url, 'show unix_socket_directories');
  expect((await lstat(Object(socket).unix_socket_directories)).mode & 0o777).toBe(0o700);
  expect(JSON.stringify(log.entries)).not.toContain(new URL(server.url).password);
});

test('after kill -9 of the postmaster the exit is reported and the next start has what was committed', async () => {
  const server = await start();
  await query(server.url, 'create table kept as select 7 as n');
  const exit = new Promise<PostmasterExit>((resolve) => server.onExit(resolve));
  process.kill(server.pid, 'SIGKILL');
  expect(await exit).toMatchObject({ signal: 'SIGKILL' });
  const before = performance.now();
  await server.stop();
  expect(performance.now() - before).toBeLessThan(5_000);
  const again = await start();
  expect(await query(again.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a stop that was asked for is not reported as an exit', async () => {
  const server = await start();
  let reported = false;
  server.onExit(() => {
    reported = true;
  });
  await server.stop();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(reported).toBe(false);
});

test('after kill -9 of the process that held it, its orphan is stopped and the same server starts', async () => {
  const holder = spawnSource(holdProgram, [home]);
  cleanUps.push(() => holder.kill9());
  const orphan: { pid: number; port: number; url: string } = JSON.parse(await holder.nextLine());
  await query(orphan.url, 'create table kept as select 9 as n');
  await holder.kill9();
  expect(findProcess(orphan.pid)).toBeDefined();

  const server = await start();
  expect(server.port).toBe(orphan.port);
  expect(findProcess(orphan.pid)).toBeUndefined();
  expect(await query(server.url, 'select n from kept')).toEqual([{ n: 9 }]);
  expect(events()).toContain('postgres.orphan_stopped');
});

test('a home in use by another live process is refused, by name of its pid', async () => {
  const holder = spawnSource(holdProgram, [home]);
  cleanUps.push(() => holder.kill9());
  await holder.nextLine();
  await expect(start()).rejects.toMatchObject({
    code: 'POSTGRES_START_FAILED',
    message: expect.stringContaining(`process ${holder.child.pid}`),
    fix: expect.stringContaining('SPINE_HOME'),
  });
  await holder.kill9();
  await start();
});

test('a home is refused twice in one process too, and free again after a start that failed', async () => {
  await expect(start(home, { settings: { wal_level: 'nonsense' } })).rejects.toMatchObject({
    code: 'POSTGRES_START_FAILED',
    message: expect.stringContaining('invalid value for parameter "wal_level": "nonsense"'),
  });
  await start();
  await expect(start()).rejects.toMatchObject({ message: expect.stringContaining(`process ${process.pid}`) });
});

test('a lock whose pid is another program by now is taken over', async () => {
  await mkdir(join(home, 'postgres'));
  await writeFile(
    join(home, 'postgres', 'lock'),
    JSON.stringify({ pid: process.ppid, startedAt: 'long ago' }),
  );
  await start();
});

test('two homes start at once and know nothing of each other', async () => {
  const other = await newHome();
  const [one, two] = await Promise.all([start(home), start(other)]);
  expect(one.port).not.toBe(two.port);
  await one.stop();
  expect(await query(two.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('an initialisation that was interrupted is done again', async () => {
  const cluster = join(home, 'postgres', 'cluster');
  await mkdir(join(cluster, 'data.draft', 'base'), { recursive: true });
  await writeFile(join(cluster, 'data.draft', 'PG_VERSION'), '18\n');
  await writeFile(join(cluster, 'password.draft'), 'left over');
  const server = await start();
  expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  expect(existsSync(join(cluster, 'data.draft'))).toBe(false);
  expect(existsSync(join(cluster, 'password.draft'))).toBe(false);
});

test.each([
  ['another program of the same user', () => ['sleep', '60']],
  // The inner sleep ends at once and its parent, a sleep too, never collects it.
  ['a zombie', () => ['sh', '-c', 'sleep 0.1 & echo $!; exec sleep 60']],
])('a pid file whose pid is %s now does not stop it, nor does it stop that', async (what, command) => {
  const first = await start();
  await query(first.url, 'create table kept as select 5 as n');
  process.kill(first.pid, 'SIGKILL');
  await first.stop();

  const [program = '', ...args] = command();
  const stranger: ChildProcess = spawn(program, args, {
    ...identity(runAs),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  cleanUps.push(() => stranger.kill('SIGKILL'));
  let pid = stranger.pid;
  if (what === 'a zombie') {
    const line = await new Promise<Buffer>((resolve) => stranger.stdout?.once('data', resolve));
    pid = Number(line.toString());
    await eventually(() => expect(findProcess(Number(pid))).toBeUndefined());
  }
  const pidFile = join(dataOf(), 'postmaster.pid');
  const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
  await writeFile(pidFile, [pid, ...rest].join('\n'));
  const second = await start();
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 5 }]);
  expect(stranger.exitCode).toBeNull();
  expect(stranger.signalCode).toBeNull();
});

test('a kept port that somebody took is changed, and said; a port given is refused', async () => {
  const first = await start();
  await first.stop();
  const squatter = createServer((socket) => socket.resume().on('error', () => undefined));
  await new Promise<void>((resolve) => squatter.listen(first.port, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => squatter.close(resolve)));

  await expect(start(home, { port: first.port })).rejects.toMatchObject({ code: 'PORT_BUSY' });
  const second = await start();
  expect(second.port).not.toBe(first.port);
  expect(log.entries).toContainEqual({
    level: 'warn',
    fields: { event: 'postgres.port_changed', from: first.port, to: second.port },
  });
  expect(await readFile(join(home, 'postgres', 'port'), 'utf8')).toBe(String(second.port));
});

test('what the server says of an exit quotes no row value', async () => {
  const server = await start();
  await query(server.url, 'create table person (email text primary key)');
  await query(server.url, "insert into person values ('ada@example.org')");
  await expect(query(server.url, "insert into person values ('ada@example.org')")).rejects.toThrow();
  await expect(query(server.url, "select 'ada@example.org'::int")).rejects.toThrow();
  const exit = new Promise<PostmasterExit>((resolve) => server.onExit(resolve));
  process.kill(server.pid, 'SIGQUIT');
  const { lastLines } = await exit;
  expect(lastLines.join('\n')).toContain('shutdown');
  expect(lastLines.join('\n')).not.toContain('ada@example.org');
});

test('a long home path is no obstacle to the socket', async () => {
  const deep = join(home, 'd'.repeat(120));
  await mkdir(deep);
  const server = await start(deep);
  const [socket] = await query(server.url, 'show unix_socket_directories');
  cleanUps.push(() => rm(Object(socket).unix_socket_directories, { recursive: true, force: true }));
  expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

const root = runAs !== null;
if (!root) process.stderr.write('not root: starting as root is not tested in this run\n');

test.runIf(root)('as root the server runs as an unprivileged account that owns its data', async () => {
  const server = await start();
  expect((await lstat(`/proc/${server.pid}`)).uid).toBe(runAs?.uid);
  expect((await lstat(dataOf())).uid).toBe(runAs?.uid);
});

test.runIf(root)(
  'as root, a home that the account cannot reach has its data outside, as long as the home lives',
  async () => {
    const closed = await newHome(0o700);
    const first = await start(closed);
    const [location = ''] = (await readFile(join(closed, 'postgres', 'location'), 'utf8')).split('\n');
    cleanUps.push(() => rm(location, { recursive: true, force: true }));
    expect(events()).toContain('postgres.data_outside_home');
    expect(existsSync(join(location, 'cluster', 'data', 'PG_VERSION'))).toBe(true);
    expect((await lstat(location)).uid).toBe(0);
    await query(first.url, 'create table kept as select 1 as n');
    await first.stop();
    const second = await start(closed);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
    await second.stop();

    // A new home at the same path is a new installation.
    await rm(join(closed, 'postgres'), { recursive: true });
    const third = await start(closed);
    await expect(query(third.url, 'select n from kept')).rejects.toMatchObject({ code: '42P01' });
  },
);

test.runIf(root)('an ordinary user starts it as himself', async ({ skip }) => {
  if (runAs === null) throw new Error('unreachable');
  const here = fileURLToPath(new URL('.', import.meta.url));
  const ready = canRun(process.execPath, runAs) && canWriteIn(tmpdir(), runAs) && canRead(here, runAs);
  if (!ready) {
    const reason = `skipped: ${runAs.user} cannot run Node, write to ${tmpdir()}, or read this checkout`;
    process.stderr.write(`${reason}\n`);
    skip(reason);
  }
  await chown(home, runAs.uid, runAs.gid);
  const holder = spawnSource(holdProgram, [home], identity(runAs));
  cleanUps.push(() => holder.kill9());
  const { pid, url } = JSON.parse(await holder.nextLine());
  expect((await lstat(`/proc/${pid}`)).uid).toBe(runAs.uid);
  expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  holder.child.kill('SIGTERM');
  await eventually(() => expect(findPostgresOn(dataOf())).toEqual([]));
});
