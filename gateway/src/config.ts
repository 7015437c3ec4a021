import { fileURLToPath } from 'node:url';
import {
  checkIdentity,
  type IdentityConfig,
  identityConfigOf,
  identityVariables,
} from '@spine/platform/config/identity-config';
import { parseEnv } from '@spine/platform/config/parse-env';
import type { TlsFiles } from '@spine/platform/http/tls-files';
import { z } from 'zod';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the subgraphs are, for a gateway in a process of its own. */
export type SubgraphUrls = Readonly<Record<'registry' | 'lineage' | 'cdc' | 'governance', string>>;

export interface GatewayConfig extends IdentityConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** The composed graph. */
  readonly supergraphFile: string;
  /** The headline query and the stream of violations. */
  readonly operationsFile: string;
  /** The committed operations: the explorer's examples. */
  readonly operationsFolder: string;
  /** Where the explorer was built. */
  readonly explorerFolder: string;
  readonly urls: SubgraphUrls;
  /** Origins of browser pages that may open streams, besides the gateway's own. */
  readonly allowedOrigins: readonly string[];
  /** How long a request may take. */
  readonly requestTimeoutMs: number;
  /** How long one fetch from a subgraph may take. */
  readonly fetchTimeoutMs: number;

  readonly limits: {
    readonly depth: number;
    readonly aliases: number;
    readonly rootFields: number;
    readonly tokens: number;
  };
}

const serviceUrl = (port: number) => z.url({ protocol: /^https?$/ }).default(`http://127.0.0.1:${port}`);
const milliseconds = (fallback: number) => z.coerce.number().int().min(100).max(600_000).default(fallback);

const shape = z.object({
  SPINE_HOST: z.string().default('127.0.0.1'),
  SPINE_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  ...identityVariables,
  SPINE_GATEWAY_TLS_CERT: z.string().optional(),
  SPINE_GATEWAY_TLS_KEY: z.string().optional(),
  SPINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SPINE_REGISTRY_URL: serviceUrl(4001),
  SPINE_LINEAGE_URL: serviceUrl(4002),
  SPINE_CDC_URL: serviceUrl(4003),
  SPINE_GOVERNANCE_URL: serviceUrl(4004),
  SPINE_GATEWAY_SUPERGRAPH: z.string().optional(),
  SPINE_GATEWAY_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    ),
  SPINE_GATEWAY_REQUEST_MS: milliseconds(15_000),
  SPINE_GATEWAY_FETCH_MS: milliseconds(10_000),
});

function committed(file: string): string {
  // The same from src/ and from dist/.
  return fileURLToPath(new URL(`../../schema/graphql/${file}`, import.meta.url));
}

/** Parses the environment; throws one Problem that names every fault. */
export function parseGatewayConfig(env: Env = process.env): GatewayConfig {
  const values = parseEnv(shape.superRefine(checkIdentity).superRefine(checkFrontTls), env);
  return {
    host: values.SPINE_HOST,
    port: values.SPINE_GATEWAY_PORT,
    ...identityConfigOf(values),
    // Browsers and users have no certificate of ours: the front asks for none.
    serverTls: frontTlsOf(values),
    logLevel: values.SPINE_LOG_LEVEL,
    supergraphFile: values.SPINE_GATEWAY_SUPERGRAPH ?? committed('supergraph.graphql'),
    operationsFile: committed('operations/headline.graphql'),
    operationsFolder: committed('operations'),
    explorerFolder: fileURLToPath(new URL('../explorer/dist', import.meta.url)),
    urls: {
      registry: values.SPINE_REGISTRY_URL,
      lineage: values.SPINE_LINEAGE_URL,
      cdc: values.SPINE_CDC_URL,
      governance: values.SPINE_GOVERNANCE_URL,
    },
    allowedOrigins: values.SPINE_GATEWAY_ORIGINS,
    requestTimeoutMs: values.SPINE_GATEWAY_REQUEST_MS,
    fetchTimeoutMs: values.SPINE_GATEWAY_FETCH_MS,
    limits: defaultLimits,
  };
}

const defaultLimits = { depth: 12, aliases: 30, rootFields: 10, tokens: 15_000 };

function checkFrontTls(values: z.output<typeof shape>, context: z.core.$RefinementCtx): void {
  const { SPINE_GATEWAY_TLS_CERT: cert, SPINE_GATEWAY_TLS_KEY: key } = values;
  if ((cert === undefined) === (key === undefined)) return;
  const path = [cert === undefined ? 'SPINE_GATEWAY_TLS_CERT' : 'SPINE_GATEWAY_TLS_KEY'];
  context.addIssue({ code: 'custom', path, message: 'is needed, since the other of the two is set' });
}

function frontTlsOf(values: z.output<typeof shape>): TlsFiles | null {
  const { SPINE_GATEWAY_TLS_CERT: cert, SPINE_GATEWAY_TLS_KEY: key } = values;
  return cert === undefined || key === undefined ? null : { cert, key, ca: null };
}
