import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseGatewayConfig } from '@spine/gateway/config';
import { createGatewayService } from '@spine/gateway/service';
import { createLog } from '@spine/platform/log/create-log';
import { createEventFeed } from './event-feed.ts';
import { benchSecret, serveBenchSubgraphs } from './serve-bench-subgraphs.ts';

// Our gateway with everything on that production has: own-gateway.ts http|local SUPERGRAPH TOKENS_FILE ADDRESSES
const [, , kind, supergraphFile = '', tokensFile = '', addresses = '{}'] = process.argv;
const token = 'the-token-of-a-dashboard';
writeFileSync(
  tokensFile,
  JSON.stringify([
    {
      id: 'dashboard',
      sha256: createHash('sha256').update(token).digest('hex'),
      roles: ['viewer'],
      functions: [],
    },
  ]),
);
const urls: Readonly<Record<string, string>> = JSON.parse(addresses);
const config = parseGatewayConfig({
  ...process.env,
  SPINE_SERVICE_SECRET: benchSecret,
  SPINE_TOKENS_FILE: tokensFile,
  SPINE_GATEWAY_SUPERGRAPH: supergraphFile,
  SPINE_GATEWAY_PORT: '0',
  SPINE_LOG_LEVEL: 'warn',
  // One dashboard stands for all clients.
  SPINE_GATEWAY_STREAMS_PER_PRINCIPAL: '1000',
  SPINE_GATEWAY_STREAMS_PER_ADDRESS: '1000',
  ...Object.fromEntries(Object.entries(urls).map(([name, url]) => [`SPINE_${name.toUpperCase()}_URL`, url])),
});
const events = createEventFeed();
const gateway = await createGatewayService(config, kind === 'local' ? await localServices() : undefined);
await gateway.listen();
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (typeof message === 'number') {
    events.publish(message);
    return;
  }
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1024 / 1024 });
});
process.send?.({ url: gateway.address(), token });

async function localServices() {
  const services = await serveBenchSubgraphs(events, createLog({ service: 'bench', level: 'silent' }));
  const { registry, lineage, cdc, governance } = services;
  if (!registry || !lineage || !cdc || !governance) throw new Error('a subgraph is missing');
  return { registry, lineage, cdc, governance };
}
