import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createShop } from '@spine/example-shop/create-shop';
import { runWorkload, type Workload } from '@spine/example-shop/run-workload';
import { Problem } from '@spine/kernel/problem';
import { createLog } from '@spine/platform/log/create-log';
import { applySpec } from '../apply/apply-spec.ts';
import { printChanges } from '../apply/print-changes.ts';
import { readSpec, specFile } from '../apply/read-spec.ts';
import { readRouteStatus } from '../client/route-status.ts';
import { homeOf, processEnv } from '../config.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminal } from '../terminal.ts';
import { type RunningSpine, startSpine } from '../up/start-spine.ts';
import { createStatusLine } from '../up/status-line.ts';

export interface UpOptions {
  readonly file?: string;
  readonly example?: string;
  readonly json?: boolean;
}

const transactionsPerSecond = 40;

/** `spine up`: everything in one process, until Ctrl-C drains it. Answers the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const startedAt = Date.now();
  const home = homeOf(processEnv);
  if (options.example !== undefined && options.example !== 'shop') {
    throw new Problem('INPUT_INVALID', `there is no example '${options.example}'`, {
      fix: 'The example is: shop.',
    });
  }
  const file =
    options.example === undefined
      ? specFile(options.file)
      : fileURLToPath(import.meta.resolve('@spine/example-shop/spine.yaml'));
  const spec = file === undefined ? undefined : readSpec(file);
  const log = createLog({ service: 'spine', level: levelOf(processEnv['SPINE_LOG_LEVEL']) });
  const stop = drainingSignal();
  // With --json stdout is one document and nothing else.
  const say = (text: string) => {
    if (options.json !== true) terminal.line(text);
  };
  const spine = await startSpine({
    home,
    env: { SPINE_LOG_LEVEL: 'error', ...processEnv },
    log,
    onStep: (step) => say(terminal.colour.dim(`${step} ...`)),
  });
  let workload: Workload | null = null;
  try {
    if (options.example === 'shop') workload = await openShop(spine, say);
    if (spec !== undefined && file !== undefined) {
      const changes = await applySpec(spine.client, spec);
      say(`applied ${file}`);
      if (options.json !== true) printChanges(terminal, changes);
    }
    if (options.json === true) {
      terminal.json({
        home,
        mode: spine.mode,
        urls: spine.urls,
        postgres: spine.postgresUrl,
        file: file ?? null,
      });
      await new Promise((resolve) => stop.addEventListener('abort', resolve));
    } else {
      printWelcome(spine, home, startedAt, spec !== undefined);
      await keepStatus(spine, stop);
    }
  } finally {
    say('\ndraining ...');
    await workload?.stop();
    await spine.close();
    say('stopped');
  }
  return exitCodes.good;
}

async function openShop(spine: RunningSpine, say: (text: string) => void): Promise<Workload> {
  if (spine.postgresUrl === null) {
    throw new Problem('INPUT_INVALID', 'the example lives in the embedded Postgres', {
      fix: 'Unset SPINE_DATABASE_URL to run it.',
    });
  }
  const url = await spine.embeddedDatabase('shop');
  const { created } = await createShop(url);
  if (created) say('created the shop: 20,000 customers, 60,000 orders');
  return runWorkload({ url, perSecond: transactionsPerSecond });
}

function printWelcome(spine: RunningSpine, home: string, startedAt: number, hasSpec: boolean): void {
  const { colour } = terminal;
  const row = (name: string, value: string) => terminal.line(`  ${colour.bold(name.padEnd(12))} ${value}`);
  terminal.line();
  row('explorer', colour.cyan(`${spine.urls.gateway}/graphiql`));
  row('graphql', `${spine.urls.gateway}/graphql`);
  for (const name of ['registry', 'lineage', 'cdc', 'governance'] as const) row(name, spine.urls[name]);
  row('home', join(home));
  if (spine.mode === 'dev') {
    terminal.line(
      `  ${colour.yellow('dev mode: no auth is configured; every caller on this machine acts as admin')}`,
    );
  }
  if (!hasSpec) terminal.line('  no spine.yaml here; write one with `spine init URL`, then `spine apply`');
  terminal.line(colour.dim(`  ready in ${((Date.now() - startedAt) / 1000).toFixed(1)} s; Ctrl-C drains\n`));
}

async function keepStatus(spine: RunningSpine, signal: AbortSignal): Promise<void> {
  const line = createStatusLine(terminal, process.stdout.isTTY === true);
  while (!signal.aborted) {
    try {
      line.show(await readRouteStatus(spine.client));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
  line.end();
}

function levelOf(text: string | undefined): 'debug' | 'info' | 'warn' | 'error' | 'silent' {
  switch (text) {
    case 'debug':
    case 'info':
    case 'error':
    case 'silent':
    case 'warn':
      return text;
    default:
      return 'error';
  }
}

/** The same signal often comes twice at once, from the terminal and from whoever forwards it: only a later one insists. */
const insistAfterMs = 1_000;

/** Aborted by the first SIGINT or SIGTERM; a later one ends the process at once. */
function drainingSignal(): AbortSignal {
  const stop = new AbortController();
  let askedAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        askedAt = Date.now();
        stop.abort();
      } else if (Date.now() - askedAt > insistAfterMs) process.exit(exitCodes.refused);
    });
  }
  return stop.signal;
}
