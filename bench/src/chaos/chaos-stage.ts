import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applySpec } from '@spine/cli/apply/apply-spec';
import { type RouteStatus, readRouteStatus } from '@spine/cli/client/route-status';
import { type RunningSpine, startSpine } from '@spine/cli/up/start-spine';
import { createLog } from '@spine/platform/log/create-log';
import { parseSpec } from '@spine/spec/parse-spec';
import { eventually } from '@spine/testkit/eventually';
import { startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { createTcpProxy, type TcpProxy } from '@spine/testkit/tcp-proxy';
import { runAll } from '../cdc/clusters.ts';

/** A route between two servers, each behind a proxy that can fail, with its workers as processes that can die. */
export interface ChaosStage {
  readonly source: TestPostgres;
  readonly sink: TestPostgres;
  readonly sourceProxy: TcpProxy;
  readonly sinkProxy: TcpProxy;
  /** Neither goes through a proxy. */
  readonly sourceUrl: string;
  readonly sinkUrl: string;
  /** Arms a point of the pipeline: the worker that passes it next is killed there. Resolves when one was. */
  killAt(point: string): Promise<void>;
  /** Has every table copied again. */
  resnapshot(): Promise<void>;
  route(): Promise<RouteStatus>;
  /** The process that runs the route. Waits until there is one. */
  workerPid(): Promise<number>;
  stop(): Promise<void>;
}

const database = 'chaos';
const spec = `apiVersion: spine/v1
sources:
  - { name: chaos, type: postgres, url: env:CHAOS_SOURCE_URL, region: eu-central-1, owner: bench, tables: [public.*] }
sinks:
  - { name: copy, type: postgres, url: env:CHAOS_SINK_URL, region: eu-central-1, owner: bench, purpose: bench, retention: P1D, iam: bench }
routes:
  - { name: chaos-to-copy, source: chaos, sink: copy, tables: [public.*], owner: bench }
classification:
  - { dataset: chaos.public.*, class: internal }
residency:
  rules:
    - { id: all, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: bench }
`;

/** Starts both servers and everything of ours; `tables` creates what is replicated. Resolves when the route streams. */
export async function startChaosStage(tables: readonly string[]): Promise<ChaosStage> {
  const source = await startPostgres({ version: 'embedded' });
  const sink = await startPostgres({ version: 'embedded' });
  for (const server of [source, sink]) await runAll(server.url, `create database ${database}`);
  const sourceUrl = source.urlFor(database);
  const sinkUrl = sink.urlFor(database);
  await runAll(sourceUrl, ...tables);
  const sourceProxy = await createTcpProxy({ port: source.port });
  const sinkProxy = await createTcpProxy({ port: sink.port });
  const home = mkdtempSync(join(tmpdir(), 'spine-chaos-'));
  // Run by root, Postgres is another account that keeps its data in there.
  chmodSync(home, 0o711);
  const ports = ['GATEWAY', 'REGISTRY', 'LINEAGE', 'CDC', 'GOVERNANCE'].map((name) => [
    `SPINE_${name}_PORT`,
    '0',
  ]);
  const failpoint = join(home, 'failpoint');
  const spine: RunningSpine = await startSpine({
    home,
    log: createLog({ service: 'bench', level: 'error' }),
    env: {
      ...process.env,
      ...Object.fromEntries(ports),
      SPINE_LOG_LEVEL: 'silent',
      SPINE_CDC_FAILPOINT: failpoint,
      CHAOS_SOURCE_URL: sourceProxy.through(sourceUrl),
      CHAOS_SINK_URL: sinkProxy.through(sinkUrl),
    },
  });
  const route = async (): Promise<RouteStatus> => {
    const [found] = await readRouteStatus(spine.client);
    if (found === undefined) throw new Error('there is no route');
    return found;
  };
  await applySpec(spine.client, parseSpec(spec));
  await eventually(
    async () => {
      const { state, stateReason } = await route();
      if (state !== 'streaming') throw new Error(`${state}: ${stateReason}`);
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
  return {
    source,
    sink,
    sourceProxy,
    sinkProxy,
    sourceUrl,
    sinkUrl,
    async killAt(point) {
      writeFileSync(failpoint, point);
      await eventually(
        () => {
          if (existsSync(failpoint)) throw new Error(`no worker has passed ${point}`);
        },
        { timeoutMs: 60_000, everyMs: 10 },
      );
    },
    async resnapshot() {
      const query =
        'mutation { resnapshotTables(input: { idempotencyKey: "KEY", route: "chaos-to-copy" }) { __typename } }';
      await spine.client.post('gateway', '/graphql', { query: query.replace('KEY', randomUUID()) });
    },
    route,
    workerPid: () =>
      eventually(async () => {
        const pid = Number(/-(\d+)-[0-9a-f]+$/.exec((await route()).worker ?? '')?.[1]);
        if (!Number.isInteger(pid)) throw new Error('no worker runs the route');
        return pid;
      }),
    async stop() {
      await spine.close();
      await sourceProxy.close();
      await sinkProxy.close();
      await source.stop();
      await sink.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
