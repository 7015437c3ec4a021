import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime, getGraphQLWSOptions } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { reportUsage } from './report-usage.js';

// Hive Gateway with its JavaScript planner, or with the one in Rust: node hive.js SUPERGRAPH js|rust
const [, , supergraphFile, planner] = process.argv;
const gateway = createGatewayRuntime({
  supergraph: readFileSync(supergraphFile, 'utf8'),
  logging: false,
  ...(planner === 'rust' && { unifiedGraphHandler }),
  transportEntries: {
    '*.http': { options: { subscriptions: { kind: 'ws', location: '/graphql' } } },
  },
});
const server = createServer(gateway);
const sockets = new WebSocketServer({ server, path: gateway.graphqlEndpoint });
useServer(
  getGraphQLWSOptions(gateway, ({ extra }) => ({ socket: extra.socket, req: extra.request })),
  sockets,
);
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
reportUsage();
