import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applySpec } from '@spine/cli/apply/apply-spec';
import { readRouteStatus } from '@spine/cli/client/route-status';
import { type RunningSpine, startSpine } from '@spine/cli/up/start-spine';
import { createLog } from '@spine/platform/log/create-log';
import { parseSpec } from '@spine/spec/parse-spec';
import { eventually } from '@spine/testkit/eventually';
import type { TestPostgres } from '@spine/testkit/start-postgres';
import type { Contender } from './contender.ts';

const spec = `apiVersion: spine/v1
sources:
  - { name: bench, type: postgres, url: env:BENCH_SOURCE_URL, region: eu-central-1, owner: bench, tables: [public.t] }
sinks:
  - { name: copy, type: postgres, url: env:BENCH_SINK_URL, region: eu-central-1, owner: bench, purpose: bench, retention: P1D, iam: bench }
routes:
  - { name: bench-to-copy, source: bench, sink: copy, tables: [public.t], owner: bench }
classification:
  - { dataset: bench.public.*, class: internal }
residency:
  rules:
    - { id: all, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: bench }
`;

/** Data Spine as it runs in production: contract, gate and ledger on, its worker a process of its own. */
export function ownContender(source: TestPostgres, sink: TestPostgres, database: string): Contender {
  const home = mkdtempSync(join(tmpdir(), 'spine-bench-'));
  chmodSync(home, 0o711);
  let spine: RunningSpine | null = null;

  async function up(): Promise<RunningSpine> {
    const ports = ['GATEWAY', 'REGISTRY', 'LINEAGE', 'CDC', 'GOVERNANCE'].map((name) => [
      `SPINE_${name}_PORT`,
      '0',
    ]);
    spine = await startSpine({
      home,
      log: createLog({ service: 'bench', level: 'error' }),
      env: {
        ...process.env,
        ...Object.fromEntries(ports),
        SPINE_LOG_LEVEL: 'error',
        BENCH_SOURCE_URL: source.urlFor(database),
        BENCH_SINK_URL: sink.urlFor(database),
      },
    });
    return spine;
  }

  return {
    name: 'own',
    async start() {
      const { client } = await up();
      await applySpec(client, parseSpec(spec));
      await eventually(
        async () => {
          const [route] = await readRouteStatus(client);
          if (route?.state !== 'streaming') throw new Error(`${route?.state}: ${route?.stateReason}`);
        },
        { timeoutMs: 60_000, everyMs: 100 },
      );
    },
    async pause() {
      await spine?.close();
      spine = null;
    },
    async resume() {
      await up();
    },
    async stop() {
      if (spine !== null) {
        await spine.client.put('cdc', '/internal/routes', {
          routes: [],
          obligationKey: null,
          allSources: [],
          allSinks: [],
        });
        await spine.close();
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}
