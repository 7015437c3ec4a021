import { z } from 'zod';
import { deriveKeys, serviceSecretShape } from '../auth/service-secret.ts';
import type { LogLevel } from '../log/create-log.ts';
import {
  checkIdentity,
  type IdentityConfig,
  identityConfigOf,
  identityVariables,
} from './identity-config.ts';
import { parseEnv } from './parse-env.ts';
import { type TracingConfig, tracingConfigOf, tracingVariables } from './tracing-config.ts';

/** The environment of a process, or a map in its place. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What every service with a store is told by its environment (docs/internal-contracts.md lists the variables). */
export interface ServiceConfig extends IdentityConfig {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** Signs cursors; derived from the service secret unless set. Like that, it may be two. */
  readonly streamSecret: string;
  readonly logLevel: LogLevel;
  readonly tracing?: TracingConfig;
}

/** Parses the environment of the service of that name (`registry` reads SPINE_REGISTRY_PORT); throws one Problem that names every fault. */
export function parseServiceConfig(
  service: { readonly name: string; readonly port: number },
  env: Env,
): ServiceConfig {
  const own = (what: string) => `SPINE_${service.name.toUpperCase()}_${what}`;
  const ownUrl = env[own('DATABASE_URL')];
  const shared = z.object({
    SPINE_DATABASE_URL: ownUrl === undefined ? z.string() : z.string().optional(),
    SPINE_HOST: z.string().default('127.0.0.1'),
    ...identityVariables,
    ...tracingVariables,
    SPINE_STREAM_SECRET: serviceSecretShape.optional(),
    SPINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  });
  const port = z.coerce.number().int().min(0).max(65_535).default(service.port);
  // Together first, so that all faults are told at once; a key made at run time has no type to read it by.
  parseEnv(shared.superRefine(checkIdentity).and(z.object({ [own('PORT')]: port })), env);
  const values = parseEnv(shared, env);
  return {
    databaseUrl: ownUrl ?? values.SPINE_DATABASE_URL ?? '',
    host: values.SPINE_HOST,
    port: port.parse(env[own('PORT')] || undefined),
    ...identityConfigOf(values),
    streamSecret: values.SPINE_STREAM_SECRET ?? deriveKeys(values.SPINE_SERVICE_SECRET, 'stream'),
    logLevel: values.SPINE_LOG_LEVEL,
    tracing: tracingConfigOf(values),
  };
}
