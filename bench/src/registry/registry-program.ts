import { parseRegistryConfig } from '@spine/registry/config';
import { createRegistryService } from '@spine/registry/service';

// The registry in a process of its own. Says its address when it listens; a message asks what it has used since it began.
const service = await createRegistryService(parseRegistryConfig());
await service.listen();
process.on('disconnect', () => process.exit());
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage().rss / 1_048_576 });
});
process.send?.({ url: service.address() });
