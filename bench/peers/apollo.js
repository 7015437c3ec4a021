import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { reportUsage } from './report-usage.js';

// Stock @apollo/gateway behind Apollo Server on Fastify, as its documentation sets it up.
const app = Fastify();
const server = new ApolloServer({
  gateway: new ApolloGateway({
    supergraphSdl: readFileSync(process.argv[2], 'utf8'),
    buildService: ({ url }) => new RemoteGraphQLDataSource({ url }),
  }),
  plugins: [fastifyApolloDrainPlugin(app)],
  nodeEnv: 'production',
});
await server.start();
app.route({ method: ['GET', 'POST'], url: '/graphql', handler: fastifyApolloHandler(server) });
process.send({ url: await app.listen({ port: 0, host: '127.0.0.1' }) });
reportUsage();
