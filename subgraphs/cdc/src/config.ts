import { deriveKey } from '@spine/platform/auth/derive-key';
import { parseEnv } from '@spine/platform/config/parse-env';
import { z } from 'zod';

type Env = Readonly<Record<string, string | undefined>>;

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

/** What the cdc service is told by its environment (docs/internal-contracts.md lists the variables). */
export const cdcConfigShape = z.object({
  SPINE_CDC_DATABASE_URL: z.string().optional(),
  SPINE_DATABASE_URL: z.string().optional(),
  SPINE_HOST: z.string().default('127.0.0.1'),
  SPINE_CDC_PORT: port(4003),
  SPINE_REGISTRY_URL: z.string().default('http://127.0.0.1:4001'),
  SPINE_LINEAGE_URL: z.string().default('http://127.0.0.1:4002'),
  SPINE_GOVERNANCE_URL: z.string().default('http://127.0.0.1:4004'),
  SPINE_SERVICE_SECRET: z.string().min(32, 'at least 32 characters, the same for every service'),
  SPINE_STREAM_SECRET: z.string().min(32).optional(),
  SPINE_TOKENS_FILE: z.string().optional(),
  SPINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SPINE_CDC_WORKERS: z.coerce.number().int().min(0).max(64).default(1),
  SPINE_EMBEDDED_URL: z.string().optional(),
});

export interface CdcConfig {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly registryUrl: string;
  readonly lineageUrl: string;
  readonly governanceUrl: string;
  readonly serviceSecret: string;
  readonly streamSecret: string;
  readonly tokensFile: string | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly workers: number;
  /** Admin URL of the embedded Postgres, against which `embedded:NAME` is resolved. */
  readonly embeddedUrl: string | null;
  /** The environment this was parsed from: it holds what `env:NAME` names. Never logged. */
  readonly environment: Env;
  /** Reads a secret named `env:NAME`. */
  readonly readSecret: (name: string) => string | undefined;
}

/** Parses the environment; throws one Problem that names every fault. */
export function parseCdcConfig(env: Env = process.env): CdcConfig {
  const values = parseEnv(
    cdcConfigShape.refine((all) => all.SPINE_CDC_DATABASE_URL ?? all.SPINE_DATABASE_URL, {
      path: ['SPINE_DATABASE_URL'],
      message: 'is required: the URL of the metadata Postgres',
    }),
    env,
  );
  return {
    databaseUrl: values.SPINE_CDC_DATABASE_URL ?? values.SPINE_DATABASE_URL ?? '',
    host: values.SPINE_HOST,
    port: values.SPINE_CDC_PORT,
    registryUrl: values.SPINE_REGISTRY_URL,
    lineageUrl: values.SPINE_LINEAGE_URL,
    governanceUrl: values.SPINE_GOVERNANCE_URL,
    serviceSecret: values.SPINE_SERVICE_SECRET,
    streamSecret: values.SPINE_STREAM_SECRET ?? deriveKey(values.SPINE_SERVICE_SECRET, 'stream'),
    tokensFile: values.SPINE_TOKENS_FILE ?? null,
    logLevel: values.SPINE_LOG_LEVEL,
    workers: values.SPINE_CDC_WORKERS,
    embeddedUrl: values.SPINE_EMBEDDED_URL ?? null,
    environment: env,
    readSecret: (name) => env[name],
  };
}

/** The environment of a worker process: this configuration on top of what it was parsed from, which holds the secrets. */
export function workerEnv(config: CdcConfig): Record<string, string> {
  const own: Record<string, string | null> = {
    SPINE_CDC_DATABASE_URL: config.databaseUrl,
    SPINE_REGISTRY_URL: config.registryUrl,
    SPINE_LINEAGE_URL: config.lineageUrl,
    SPINE_GOVERNANCE_URL: config.governanceUrl,
    SPINE_SERVICE_SECRET: config.serviceSecret,
    SPINE_LOG_LEVEL: config.logLevel,
    SPINE_EMBEDDED_URL: config.embeddedUrl,
  };
  const merged = Object.entries({ ...config.environment, ...own });
  return Object.fromEntries(
    merged.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
