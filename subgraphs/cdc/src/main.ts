import { runService } from '@spine/platform/service/run-service';
import { parseCdcConfig } from './config.ts';
import { createCdcService } from './service.ts';

await runService('cdc', () => createCdcService(parseCdcConfig()));
