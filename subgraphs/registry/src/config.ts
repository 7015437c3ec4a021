import { type Env, parseServiceConfig, type ServiceConfig } from '@spine/platform/config/service-config';

/** What the registry service is told by its environment. */
export type RegistryConfig = ServiceConfig;

/** Parses the environment; throws one Problem that names every fault. */
export function parseRegistryConfig(env: Env = process.env): RegistryConfig {
  return parseServiceConfig({ name: 'registry', port: 4001 }, env);
}
