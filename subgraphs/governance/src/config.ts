import { deriveKey } from '@spine/platform/auth/derive-key';
import { parseEnv } from '@spine/platform/config/parse-env';
import { z } from 'zod';

type Env = Readonly<Record<string, string | undefined>>;

const configShape = z
  .object({
    SPINE_GOVERNANCE_DATABASE_URL: z.string().optional(),
    SPINE_DATABASE_URL: z.string().optional(),
    SPINE_HOST: z.string().default('127.0.0.1'),
    SPINE_GOVERNANCE_PORT: z.coerce.number().int().min(0).max(65_535).default(4004),
    SPINE_SERVICE_SECRET: z.string().min(32, 'at least 32 characters, the same for every service'),
    SPINE_STREAM_SECRET: z.string().min(32).optional(),
    SPINE_TOKENS_FILE: z.string().optional(),
    SPINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .refine((all) => all.SPINE_GOVERNANCE_DATABASE_URL ?? all.SPINE_DATABASE_URL, {
    path: ['SPINE_DATABASE_URL'],
    message: 'is required: the URL of the metadata Postgres',
  });

/** What the governance service is told by its environment (docs/internal-contracts.md lists the variables). */
export interface GovernanceConfig {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly serviceSecret: string;
  readonly streamSecret: string;
  /** Null is dev mode: a changed matrix is signed as `dev` at once. */
  readonly tokensFile: string | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Parses the environment; throws one Problem that names every fault. */
export function parseGovernanceConfig(env: Env = process.env): GovernanceConfig {
  const values = parseEnv(configShape, env);
  return {
    databaseUrl: values.SPINE_GOVERNANCE_DATABASE_URL ?? values.SPINE_DATABASE_URL ?? '',
    host: values.SPINE_HOST,
    port: values.SPINE_GOVERNANCE_PORT,
    serviceSecret: values.SPINE_SERVICE_SECRET,
    streamSecret: values.SPINE_STREAM_SECRET ?? deriveKey(values.SPINE_SERVICE_SECRET, 'stream'),
    tokensFile: values.SPINE_TOKENS_FILE ?? null,
    logLevel: values.SPINE_LOG_LEVEL,
  };
}
