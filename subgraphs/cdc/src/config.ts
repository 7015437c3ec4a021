import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@spine/platform/config/parse-env';
import { type Env, parseServiceConfig, type ServiceConfig } from '@spine/platform/config/service-config';
import { z } from 'zod';

const ownShape = z.object({
  SPINE_REGISTRY_URL: z.string().default('http://127.0.0.1:4001'),
  SPINE_LINEAGE_URL: z.string().default('http://127.0.0.1:4002'),
  SPINE_GOVERNANCE_URL: z.string().default('http://127.0.0.1:4004'),
  SPINE_CDC_WORKERS: z.coerce.number().int().min(0).max(64).default(1),
  SPINE_CDC_SCAN_MS: z.coerce.number().int().min(500).max(3_600_000).default(30_000),
  SPINE_EMBEDDED_URL: z.string().optional(),
  SPINE_CDC_SPOOL: z.string().optional(),
  SPINE_CDC_FAILPOINT: z.string().optional(),
  SPINE_HOME: z.string().optional(),
});

/** What the cdc service and its workers are told by their environment. */
export interface CdcConfig extends ServiceConfig {
  readonly registryUrl: string;
  readonly lineageUrl: string;
  readonly governanceUrl: string;
  readonly workers: number;
  /** How often sources and sinks are looked at for consumers that nobody registered. */
  readonly scanMs: number;
  /** Where transactions of a source wait that are too large for memory. */
  readonly spoolFolder: string;
  /** A file that names where in the pipeline a worker is to be killed; for proofs. */
  readonly failpointFile: string | null;
  /** Admin URL of the embedded Postgres, against which `embedded:NAME` is resolved. */
  readonly embeddedUrl: string | null;
  /** The environment this was parsed from: it holds what `env:NAME` names. Never logged. */
  readonly environment: Env;
  /** Reads a secret named `env:NAME`. */
  readonly readSecret: (name: string) => string | undefined;
}

/** Parses the environment; throws one Problem that names every fault. */
export function parseCdcConfig(env: Env = process.env): CdcConfig {
  const shared = parseServiceConfig({ name: 'cdc', port: 4003 }, env);
  const values = parseEnv(ownShape, env);
  return {
    ...shared,
    registryUrl: values.SPINE_REGISTRY_URL,
    lineageUrl: values.SPINE_LINEAGE_URL,
    governanceUrl: values.SPINE_GOVERNANCE_URL,
    workers: values.SPINE_CDC_WORKERS,
    scanMs: values.SPINE_CDC_SCAN_MS,
    spoolFolder: values.SPINE_CDC_SPOOL ?? join(values.SPINE_HOME ?? tmpdir(), 'spool'),
    failpointFile: values.SPINE_CDC_FAILPOINT ?? null,
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
