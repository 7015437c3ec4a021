import { readPeerTls } from '@spine/platform/http/tls-files';
import type { Service } from '@spine/platform/service/service';
import type { GatewayConfig, SubgraphUrls } from './config.ts';
import { createGateway } from './create-gateway.ts';
import { createHttpLink } from './links/http-link.ts';
import { linkService } from './links/link-service.ts';

/** The services whose subgraphs make the graph. */
export type SubgraphServices = Readonly<Record<keyof SubgraphUrls, Service>>;

/**
 * Creates the gateway. With `services` it reaches them in this process; without, each in its own process at the URL of
 * the configuration. It closes neither.
 */
export async function createGatewayService(
  config: GatewayConfig,
  services?: SubgraphServices,
): Promise<Service> {
  const tls = readPeerTls(config);
  return await createGateway(config, {
    links: (log) =>
      services === undefined
        ? Object.entries(config.urls).map(([name, url]) =>
            createHttpLink({
              name,
              url,
              secret: config.serviceSecret,
              tls,
              silenceMs: config.fetchTimeoutMs + 1_000,
            }),
          )
        : Object.values(services).map((service) => linkService(service, log)),
  });
}
