import { type Env, parseServiceConfig, type ServiceConfig } from '@spine/platform/config/service-config';

/** What the lineage service is told by its environment. */
export type LineageConfig = ServiceConfig;

/** Parses the environment; throws one Problem that names every fault. */
export function parseLineageConfig(env: Env = process.env): LineageConfig {
  return parseServiceConfig({ name: 'lineage', port: 4002 }, env);
}
