import { runService } from '@spine/platform/service/run-service';
import { parseRegistryConfig } from './config.ts';
import { createRegistryService } from './service.ts';

await runService('registry', () => createRegistryService(parseRegistryConfig()));
