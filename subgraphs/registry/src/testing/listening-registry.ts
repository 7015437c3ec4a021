import { createTestDatabase } from '@spine/testkit/test-database';
import { registryTemplate, startRegistry } from './start-registry.ts';

/** A registry on a port of its own, for clients that know nothing but a URL. */
export interface ListeningRegistry {
  readonly url: string;
  /** The token of each role as user and password. */
  readonly publisher: { readonly username: string; readonly password: string };
  readonly steward: { readonly username: string; readonly password: string };
  /** Publishes on our own path, as people and their pipelines do, and answers with the id. */
  publish(subject: string, body: object): Promise<number>;
  close(): Promise<void>;
}

/** Starts one over an empty database. */
export async function startListeningRegistry(): Promise<ListeningRegistry> {
  const storage = await createTestDatabase({ template: registryTemplate });
  const registry = await startRegistry(storage.url);
  await registry.service.listen();
  return {
    url: registry.service.address(),
    publisher: { username: 'publisher', password: 'publisher-secret' },
    steward: { username: 'steward', password: 'steward-secret' },
    async publish(subject, body) {
      const answer = await registry.ask('POST', `/schemas/${encodeURIComponent(subject)}`, body);
      if (answer.status !== 201)
        throw new Error(`${subject} was not published: ${JSON.stringify(answer.body)}`);
      return answer.body.id;
    },
    async close() {
      await registry.close();
      await storage.drop();
    },
  };
}
