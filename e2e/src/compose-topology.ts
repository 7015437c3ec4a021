import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseFreePort } from '@spine/platform/embedded/choose-port';
import { eventually } from '@spine/testkit/eventually';
import { startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { runSql } from './content-hash.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = ['registry', 'lineage', 'governance', 'cdc', 'gateway'] as const;

export type TopologyService = (typeof names)[number];

/**
 * The topology of docker-compose.yml without a container engine: every service by the entry point and environment that
 * the file states, on built files, with generated secrets; only host names and ports are those of this machine.
 */
export interface ComposeTopology {
  readonly urls: Readonly<Record<TopologyService, string>>;
  /** The generated token of an admin. */
  readonly token: string;
  readonly postgres: TestPostgres;
  urlOf(database: string): string;
  /** Ends a service without a word. */
  kill9(name: TopologyService): Promise<void>;
  /** Starts one again where it was. */
  start(name: TopologyService): Promise<void>;
  /** Runs a `spine` command against it in its home, and answers how it ended. */
  run(...args: string[]): Ended;
  /** The same, for what it printed; throws when it fails. */
  spine(...args: string[]): string;
  /** The last lines that the services printed. */
  output(): string;
  stop(): Promise<void>;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      { readonly command: readonly string[]; readonly environment: Readonly<Record<string, string>> }
    >
  >;
}

/** Makes secrets and starts Postgres and every service, from files that were built (vitest-build.ts). `prepare` fills the databases before the services start. */
export async function startComposeTopology(options: {
  readonly home: string;
  readonly databases: readonly string[];
  readonly prepare?: (urlOf: (database: string) => string) => Promise<void>;
  /** Added to what the file states, for every service. */
  readonly env?: Readonly<Record<string, string>>;
}): Promise<ComposeTopology> {
  const { home, databases, prepare, env: added = {} } = options;
  execFileSync(process.execPath, ['scripts/run.js', 'scripts/generate-env.ts', home], { cwd: root });
  const postgres = await startPostgres({ version: 'embedded' });
  const generated = readFileSync(join(home, '.env'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('=', 2));
  // The server here is not compose's, and keeps its own password.
  const { password } = new URL(postgres.url);
  const env: Readonly<Record<string, string>> = {
    ...Object.fromEntries(generated),
    POSTGRES_PASSWORD: password,
  };
  const urlOf = (database: string): string =>
    `postgres://spine:${password}@127.0.0.1:${postgres.port}/${database}`;
  for (const name of ['spine', ...databases]) await runSql(postgres.url, `create database ${name}`);
  await prepare?.(urlOf);

  const compose: Compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
  const ports: Record<string, number> = {};
  for (const name of names) ports[name] = await chooseFreePort();
  const place = (text: string): string =>
    text
      .replace(/\$\{(\w+):\?[^}]*\}/g, (_, variable: string) => env[variable] ?? '')
      .replace(/\$\{(\w+):-([^}]*)\}/g, (_, variable: string, fallback: string) => env[variable] ?? fallback)
      .replace('@postgres:5432', `@127.0.0.1:${postgres.port}`)
      .replace('/run/spine/tokens.json', join(home, 'deploy/generated/tokens.json'))
      .replace(/http:\/\/(\w+):40\d\d/, (_, name: string) => `http://127.0.0.1:${ports[name]}`);
  const url = (name: TopologyService): string => `http://127.0.0.1:${ports[name]}`;
  const urls = {
    registry: url('registry'),
    lineage: url('lineage'),
    governance: url('governance'),
    cdc: url('cdc'),
    gateway: url('gateway'),
  };
  const children = new Map<string, ChildProcess>();
  const said: string[] = [];

  async function start(name: TopologyService): Promise<void> {
    const service = compose.services[name];
    const [program, entry] = service?.command ?? [];
    expect(program).toBe('node');
    const stated = Object.entries(service?.environment ?? {}).map(([key, value]) => [
      key,
      key === `SPINE_${name.toUpperCase()}_PORT` ? String(ports[name]) : place(value),
    ]);
    const child = spawn(process.execPath, [join(root, entry ?? '')], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        APOLLO_TELEMETRY_DISABLED: '1',
        ...Object.fromEntries(stated),
        // What compose reads from .env for cdc.
        ...(name === 'cdc' && {
          ...Object.fromEntries(
            databases.map((database) => [`${database.toUpperCase()}_URL`, urlOf(database)]),
          ),
          SPINE_OBLIGATION_KEY: env['SPINE_OBLIGATION_KEY'] ?? '',
        }),
        ...added,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => said.push(`${name}: ${String(chunk)}`));
    }
    children.set(name, child);
    await eventually(
      async () => {
        if (child.exitCode !== null)
          throw new Error(`${name} ended with ${child.exitCode}\n${said.join('')}`);
        expect((await fetch(`${urls[name]}/livez`)).status).toBe(200);
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
  }

  async function end(name: string, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = children.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill(signal);
    await gone;
  }

  function run(...args: string[]): Ended {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'scripts/run.js'), 'cli/src/main.ts', ...args],
      {
        cwd: home,
        encoding: 'utf8',
        env: {
          ...process.env,
          ...Object.fromEntries(names.map((name) => [`SPINE_${name.toUpperCase()}_URL`, urls[name]])),
          SPINE_HOME: home,
          SPINE_TOKEN: env['SPINE_TOKEN'],
          ...added,
        },
      },
    );
    return { code: status, stdout, stderr };
  }

  for (const name of names) await start(name);
  return {
    urls,
    token: env['SPINE_TOKEN'] ?? '',
    postgres,
    urlOf,
    start,
    kill9: (name) => end(name, 'SIGKILL'),
    run,
    spine(...args) {
      const { code, stdout, stderr } = run(...args);
      if (code !== 0) throw new Error(`spine ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
      return stdout;
    },
    output: () => said.slice(-40).join(''),
    async stop() {
      for (const name of [...children.keys()].toReversed()) await end(name, 'SIGTERM');
      await postgres.stop();
    },
  };
}
