import { z } from 'zod';
import { deriveKey } from '../auth/derive-key.ts';
import type { LogLevel } from '../log/create-log.ts';
import { parseEnv } from './parse-env.ts';

/** The environment of a process, or a map in its place. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What every service with a store is told by its environment (docs/internal-contracts.md lists the variables). */
export interface ServiceConfig {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly serviceSecret: string;
  /** Signs cursors; derived from the service secret unless set. */
  readonly streamSecret: string;
  /** null: dev mode. */
  readonly tokensFile: string | null;
  readonly logLevel: LogLevel;
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
    SPINE_SERVICE_SECRET: z.string().min(32, 'at least 32 characters, the same for every service'),
    SPINE_STREAM_SECRET: z.string().min(32).optional(),
    SPINE_TOKENS_FILE: z.string().optional(),
    SPINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  });
  const port = z.coerce.number().int().min(0).max(65_535).default(service.port);
  // Together first, so that all faults are told at once; a key made at run time has no type to read it by.
  parseEnv(shared.extend({ [own('PORT')]: port }), env);
  const values = parseEnv(shared, env);
  return {
    databaseUrl: ownUrl ?? values.SPINE_DATABASE_URL ?? '',
    host: values.SPINE_HOST,
    port: port.parse(env[own('PORT')] || undefined),
    serviceSecret: values.SPINE_SERVICE_SECRET,
    streamSecret: values.SPINE_STREAM_SECRET ?? deriveKey(values.SPINE_SERVICE_SECRET, 'stream'),
    tokensFile: values.SPINE_TOKENS_FILE ?? null,
    logLevel: values.SPINE_LOG_LEVEL,
  };
}
