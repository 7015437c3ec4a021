import { runService } from '@spine/platform/service/run-service';
import { parseLineageConfig } from './config.ts';
import { createLineageService } from './service.ts';

await runService('lineage', async () => createLineageService(parseLineageConfig()));
