import type { Log } from '@spine/platform/log/create-log';
import { createServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import { benchSubgraphs } from './bench-subgraphs.ts';
import type { EventFeed } from './event-feed.ts';

/** What gateway and subgraphs of the bench share. */
export const benchSecret = 'the secret that the processes of the bench share';

/** Starts the four subgraphs as services of ours: signed requests are verified, and this machine may ask without. */
export async function serveBenchSubgraphs(
  events: EventFeed,
  log: Log,
): Promise<Readonly<Record<string, Service>>> {
  const services: Record<string, Service> = {};
  for (const subgraph of benchSubgraphs(events)) {
    const host = createServiceHost({
      name: subgraph.name,
      log,
      config: {
        host: '127.0.0.1',
        port: 0,
        serviceSecret: benchSecret,
        tokensFile: null,
        logLevel: 'silent',
      },
    });
    const service = await host.finish({ subgraph, createContext: (base) => base });
    await service.listen();
    services[subgraph.name] = service;
  }
  return services;
}
