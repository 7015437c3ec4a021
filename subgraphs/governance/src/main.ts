import { runService } from '@spine/platform/service/run-service';
import { parseGovernanceConfig } from './config.ts';
import { createGovernanceService } from './service.ts';

await runService('governance', () => createGovernanceService(parseGovernanceConfig()));
