import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import { noTracing, type Tracing } from '@spine/platform/tracing/create-tracing';
import { createRecordingLog, type RecordingLog } from '@spine/testkit/recording-log';
import { type GatewayConfig, parseGatewayConfig } from '../config.ts';
import { createGateway } from '../create-gateway.ts';
import { createHttpLink } from '../links/http-link.ts';
import { linkService } from '../links/link-service.ts';
import type { SubgraphLink } from '../links/subgraph-link.ts';
import { compose } from './compose.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import {
  catalogSubgraph,
  type FixtureViolation,
  schemasSubgraph,
  watchSubgraph,
} from './fixture-subgraphs.ts';
import { createStoppableLink } from './stoppable-link.ts';

/** The two ways in which a gateway reaches its subgraphs. */
export const linkKinds = ['in process', 'http'] as const;

export type LinkKind = (typeof linkKinds)[number];
export type FixtureName = 'catalog' | 'schemas' | 'watch';

/** What the services of the fixture share. */
export const fixtureSecret = 'a secret of more than thirty-two characters';

/** Tokens that the fixture knows in token mode, by the role of their bearer. */
export const fixtureTokens = { viewer: 'token-of-a-viewer', admin: 'token-of-an-admin' } as const;

/** One of the fixture's services: it can be stopped, and started again where it was. */
export interface FixtureService {
  readonly link: SubgraphLink;
  address(): string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Three small services behind a gateway, on free ports of this machine. */
export interface Fixture {
  readonly url: string;
  readonly gateway: Service;
  readonly log: RecordingLog;
  readonly events: EventLog<FixtureViolation>;
  readonly services: Readonly<Record<FixtureName, FixtureService>>;
  /** The supergraph that the gateway follows; composed of the three. */
  readonly supergraphFile: string;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly kind: LinkKind;
  readonly auth?: 'dev' | 'tokens';
  readonly config?: Partial<GatewayConfig>;
  /** Changes what the supergraph is composed of; what the services serve stays. */
  readonly rewriteSdl?: (sdl: string) => string;
  /** The tracing of each process; off unless given. */
  readonly tracing?: (service: string) => Tracing;
}

/** Starts the fixture. Close it. */
export async function startFixture(options: FixtureOptions): Promise<Fixture> {
  const { kind, auth = 'dev', config = {}, tracing = () => noTracing, rewriteSdl = (sdl) => sdl } = options;
  const folder = mkdtempSync(join(tmpdir(), 'spine-gateway-'));
  const log = createRecordingLog();
  const events = createEventLog<FixtureViolation>();
  const subgraphs = { catalog: catalogSubgraph(), schemas: schemasSubgraph(), watch: watchSubgraph(events) };

  const tokensFile = auth === 'dev' ? null : join(folder, 'tokens.json');
  if (tokensFile !== null) writeFileSync(tokensFile, JSON.stringify(hashedTokens()));
  const supergraphFile = join(folder, 'supergraph.graphql');
  const composed = Object.values(subgraphs).map(({ name, sdl }) => ({ name, sdl: rewriteSdl(sdl) }));
  writeFileSync(supergraphFile, compose(composed));

  const start = (name: FixtureName) =>
    startService(kind, log, async (port) => {
      const config = {
        host: '127.0.0.1',
        port,
        serviceSecret: fixtureSecret,
        tokensFile,
        logLevel: 'silent',
      } as const;
      const host = createServiceHost({ name, log, config, tracing: tracing(name) });
      const service = await host.finish({ subgraph: subgraphs[name], createContext: (base) => base });
      await service.listen();
      return service;
    });
  const services = {
    catalog: await start('catalog'),
    schemas: await start('schemas'),
    watch: await start('watch'),
  };
  const gateway = await createGateway(
    {
      ...parseGatewayConfig({ SPINE_SERVICE_SECRET: fixtureSecret, SPINE_GATEWAY_PORT: '0' }),
      tokensFile,
      supergraph: { from: supergraphFile, pollMs: 20, sha256: null, keyFile: null },
      ...config,
    },
    {
      log,
      tracing: tracing('gateway'),
      links: () => Object.values(services).map(({ link }) => link),
      policy: { firstMs: 20, mostMs: 100, giveUpFirstMs: 300, giveUpMs: 5_000 },
    },
  );
  await gateway.listen();
  return {
    url: gateway.address(),
    gateway,
    log,
    events,
    services,
    supergraphFile,
    async close() {
      await gateway.close();
      await Promise.all(Object.values(services).map((service) => service.stop()));
      rmSync(folder, { recursive: true });
    },
  };
}

async function startService(
  kind: LinkKind,
  log: RecordingLog,
  listen: (port: number) => Promise<Service>,
): Promise<FixtureService> {
  let service: Service | null = await listen(0);
  const url = service.address();
  const stoppable = createStoppableLink(linkService(service, log));
  const link =
    kind === 'in process' ? stoppable : createHttpLink({ name: service.name, url, secret: fixtureSecret });
  return {
    link,
    address: () => url,
    async stop() {
      stoppable.stop();
      await service?.close();
      service = null;
    },
    async start() {
      service = await listen(Number(new URL(url).port));
      stoppable.start(linkService(service, log));
    },
  };
}

function hashedTokens() {
  return Object.entries(fixtureTokens).map(([role, token]) => ({
    id: `the-${role}`,
    sha256: createHash('sha256').update(token).digest('hex'),
    roles: [role],
    functions: role === 'admin' ? ['security'] : [],
  }));
}
