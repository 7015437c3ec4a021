import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeBenchGraph } from './compose-bench-graph.ts';
import { firstMessage, forkSource, type GatewayProcess, startGateway, stopChild } from './gateway-process.ts';
import { installPeers, peersFolder } from './install-peers.ts';

/** Every gateway of a bench, over the same four subgraphs in one other process. */
export interface Contenders {
  start(name: ContenderName): Promise<GatewayProcess>;
  /** Lets the feed of the subgraphs grow. */
  publish(howMany: number): void;
  /** Streams that are open at the subgraphs. */
  streams(): Promise<number>;
  close(): Promise<void>;
}

export const contenderNames = ['own_http', 'own_local', 'apollo', 'hive_js', 'hive_rust'] as const;

export type ContenderName = (typeof contenderNames)[number];

/** Starts the subgraphs and composes their graph. */
export async function startContenders(env: Readonly<Record<string, string>>): Promise<Contenders> {
  installPeers();
  const folder = mkdtempSync(join(tmpdir(), 'spine-bench-'));
  const subgraphs = forkSource(new URL('./subgraphs-process.ts', import.meta.url), []);
  const [addresses] = await firstMessage('the subgraphs', subgraphs);
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, composeBenchGraph(addresses));
  const own = (kind: string) =>
    startGateway(
      `own_${kind}`,
      new URL('./own-gateway.ts', import.meta.url),
      [kind, supergraph, join(folder, 'tokens.json'), JSON.stringify(addresses)],
      env,
    );
  const hive = (planner: string) =>
    startGateway(`hive_${planner}`, new URL('hive.js', peersFolder), [supergraph, planner]);
  const starts: Readonly<Record<ContenderName, () => Promise<GatewayProcess>>> = {
    own_http: () => own('http'),
    own_local: () => own('local'),
    apollo: () => startGateway('apollo', new URL('apollo.js', peersFolder), [supergraph]),
    hive_js: () => hive('js'),
    hive_rust: () => hive('rust'),
  };
  return {
    start: (name) => starts[name](),
    publish: (howMany) => void subgraphs.send(howMany),
    async streams() {
      subgraphs.send('streams');
      const [{ streams }] = await firstMessage('the subgraphs', subgraphs);
      return streams;
    },
    async close() {
      await stopChild(subgraphs);
      rmSync(folder, { recursive: true });
    },
  };
}
