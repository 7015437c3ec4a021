import { parseEnv } from '@spine/platform/config/parse-env';
import { type Env, parseServiceConfig, type ServiceConfig } from '@spine/platform/config/service-config';
import { z } from 'zod';
import {
  type ConfluentRelease,
  confluentReleases,
  defaultRelease,
} from './domain/confluent/confluent-release.ts';

const ownShape = z.object({
  SPINE_GOVERNANCE_URL: z.string().optional(),
  SPINE_REGISTRY_CONFLUENT_VERSION: z.enum(confluentReleases).default(defaultRelease),
});

/** What the registry service is told by its environment. */
export interface RegistryConfig extends ServiceConfig {
  /** Whose inventory a publish has to meet; without it nothing is demanded. */
  readonly governanceUrl?: string | null;
  /** Whose manners Kafka clients meet. */
  readonly confluentRelease?: ConfluentRelease;
}

/** Parses the environment; throws one Problem that names every fault. */
export function parseRegistryConfig(env: Env = process.env): RegistryConfig {
  const shared = parseServiceConfig({ name: 'registry', port: 4001 }, env);
  const own = parseEnv(ownShape, env);
  return {
    ...shared,
    governanceUrl: own.SPINE_GOVERNANCE_URL ?? null,
    confluentRelease: own.SPINE_REGISTRY_CONFLUENT_VERSION,
  };
}
