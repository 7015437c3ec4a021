import { runService } from '@spine/platform/service/run-service';
import { parseGatewayConfig } from './config.ts';
import { createGatewayService } from './service.ts';

await runService('gateway', async () => createGatewayService(parseGatewayConfig()));
