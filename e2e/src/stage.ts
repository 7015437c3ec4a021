import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ask } from './ask.ts';
import { type ComposeTopology, type Ended, startComposeTopology } from './compose-topology.ts';
import { databaseUrl, runSql } from './content-hash.ts';
import { createHome, startSpineProcess } from './spine-process.ts';

/** A running system, whichever way it was started: what a story needs of it. */
export interface Stage {
  readonly urls: Readonly<Record<'gateway' | 'registry' | 'lineage' | 'cdc' | 'governance', string>>;
  /** Of an admin; undefined where nobody is asked who they are. */
  readonly token: string | undefined;
  /** A database of the Postgres that came with it; `spine` holds its own state. */
  urlOf(database: string): string;
  /** Where its commands run: a file written there is found by its name. */
  readonly home: string;
  /** Applies the text of a spine.yaml, and has its matrix signed. */
  apply(text: string): Promise<void>;
  /** Runs a `spine` command, and answers how it ended. */
  run(...args: string[]): Promise<Ended>;
  /** Runs a `spine` command, and answers what it printed; a failure throws. */
  spine(...args: string[]): Promise<string>;
  /** What the services have printed. */
  output(): string;
  /** Ends everything in order. */
  stop(): Promise<void>;
}

/** What is there before anything is applied: databases, and what fills them. */
export interface StageSetting {
  readonly databases: readonly string[];
  /** Added to the environment of services and commands. */
  readonly env?: Readonly<Record<string, string>>;
  prepare(urlOf: (database: string) => string): Promise<void>;
}

/** `spine up ARGS`: everything in one process, and its workers. */
export async function startUp(
  { databases, env = {}, prepare }: StageSetting,
  ...args: string[]
): Promise<Stage> {
  const { home, remove } = createHome();
  const spine = await startSpineProcess({ home, args, env });
  const admin = spine.run.postgres ?? '';
  const urlOf = (database: string): string => databaseUrl(admin, database);
  for (const database of databases) await runSql(admin, `create database ${database}`);
  await prepare(urlOf);
  const succeed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await spine.spine(...args);
    if (code !== 0 || stderr !== '')
      throw new Error(`spine ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  };
  return {
    urls: spine.run.urls,
    token: undefined,
    home,
    urlOf,
    async apply(text) {
      writeFileSync(join(home, 'spine.yaml'), text);
      await succeed('apply', '-f', join(home, 'spine.yaml'));
    },
    run: spine.spine,
    spine: succeed,
    output: spine.output,
    async stop() {
      const code = await spine.stop();
      remove();
      expect(code).toBe(0);
    },
  };
}

/** The topology of docker-compose.yml: every service in its own process, from built files, with tokens. */
export async function startCompose({ databases, env = {}, prepare }: StageSetting): Promise<Stage> {
  const { home, remove } = createHome();
  const topology = await startComposeTopology({ home, databases, prepare, env });
  let applied = 0;
  return {
    urls: topology.urls,
    token: topology.token,
    home,
    urlOf: topology.urlOf,
    async apply(text) {
      applied += 1;
      writeFileSync(join(home, 'spine.yaml'), text);
      topology.spine('apply', '-f', join(home, 'spine.yaml'));
      await signMatrix(topology, applied);
    },
    run: async (...args) => topology.run(...args),
    spine: async (...args) => topology.spine(...args),
    output: topology.output,
    async stop() {
      await topology.stop();
      remove();
    },
  };
}

/** With tokens a changed matrix is a draft until Security has signed it. */
export async function signMatrix(
  { urls, token }: Pick<ComposeTopology, 'urls' | 'token'>,
  version: number,
): Promise<void> {
  const latest = '{ matrixVersions(first: 1) { nodes { version digest status } } }';
  const [draft] = (await ask(urls.gateway, latest, {}, token)).data.matrixVersions.nodes;
  expect(draft).toMatchObject({ version, status: 'DRAFT' });
  const signed = await ask(
    urls.gateway,
    `mutation Sign($version: Int!, $digest: String!, $key: String!) {
       signMatrix(input: { version: $version, digest: $digest, idempotencyKey: $key }) { __typename }
     }`,
    { version: draft.version, digest: draft.digest, key: `sign-${version}` },
    token,
  );
  expect(signed.errors).toBeUndefined();
}
