import { parseEnv } from '@spine/platform/config/parse-env';
import { type Env, parseServiceConfig, type ServiceConfig } from '@spine/platform/config/service-config';
import { z } from 'zod';

const ownShape = z.object({ SPINE_GOVERNANCE_URL: z.string().optional() });

/** What the registry service is told by its environment. */
export interface RegistryConfig extends ServiceConfig {
  /** Whose inventory a publish has to meet; without it nothing is demanded. */
  readonly governanceUrl?: string | null;
}

/** Parses the environment; throws one Problem that names every fault. */
export function parseRegistryConfig(env: Env = process.env): RegistryConfig {
  const shared = parseServiceConfig({ name: 'registry', port: 4001 }, env);
  const { SPINE_GOVERNANCE_URL: governanceUrl = null } = parseEnv(ownShape, env);
  return { ...shared, governanceUrl };
}
