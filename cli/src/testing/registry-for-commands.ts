import { parseRegistryConfig } from '@spine/registry/config';
import { createRegistryService } from '@spine/registry/service';
import { createTestDatabase } from '@spine/testkit/test-database';

/** A registry behind a port of its own, without auth: whoever calls is admin. */
export async function startRegistryForCommands(): Promise<{
  readonly url: string;
  close(): Promise<void>;
}> {
  const database = await createTestDatabase();
  const service = await createRegistryService(
    parseRegistryConfig({
      SPINE_DATABASE_URL: database.url,
      SPINE_SERVICE_SECRET: 's'.repeat(32),
      SPINE_LOG_LEVEL: 'silent',
      SPINE_REGISTRY_PORT: '0',
    }),
  );
  await service.listen();
  return {
    url: service.address(),
    async close() {
      await service.close();
      await database.drop();
    },
  };
}
