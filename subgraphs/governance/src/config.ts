import { type Env, parseServiceConfig, type ServiceConfig } from '@spine/platform/config/service-config';

/** What the governance service is told by its environment. */
export type GovernanceConfig = ServiceConfig;

/** Parses the environment; throws one Problem that names every fault. */
export function parseGovernanceConfig(env: Env = process.env): GovernanceConfig {
  return parseServiceConfig({ name: 'governance', port: 4004 }, env);
}
