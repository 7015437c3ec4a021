import { fileURLToPath } from 'node:url';
import {
  checkIdentity,
  type IdentityConfig,
  identityConfigOf,
  identityVariables,
} from '@spine/platform/config/identity-config';
import { parseEnv } from '@spine/platform/config/parse-env';
import { type TracingConfig, tracingConfigOf, tracingVariables } from '@spine/platform/config/tracing-config';
import type { TlsFiles } from '@spine/platform/http/tls-files';
import { z } from 'zod';
import {
  checkSupergraph,
  type SupergraphConfig,
  supergraphConfigOf,
  supergraphVariables,
} from './graph/supergraph-config.ts';
import type { BreakerOptions } from './links/breaker.ts';
import { checkForwardHeaders } from './links/forward-headers.ts';

import {
  checkSecurity,
  type SecurityConfig,
  securityConfigOf,
  securityVariables,
} from './security/security-config.ts';
import { type StreamConfig, streamConfigOf, streamVariables } from './transports/stream-config.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the subgraphs are, for a gateway in a process of its own. */
export type SubgraphUrls = Readonly<Record<'registry' | 'lineage' | 'cdc' | 'governance', string>>;

export interface GatewayConfig extends IdentityConfig, SecurityConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where the composed graph comes from. */
  readonly supergraph: SupergraphConfig;
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
  /** Whose executor runs the plans: ours, or Apollo's, the way out of a fault in ours. */
  readonly executor: 'own' | 'stock';
  /** Names of the client's headers that subgraphs are sent, in lower case. */
  readonly forwardHeaders: readonly string[];
  /** When a subgraph that does not answer is left alone, and for how long. */
  readonly breaker: BreakerOptions;
  /** A request that takes longer is logged with the shape of its plan. */
  readonly slowMs: number;
  readonly tracing?: TracingConfig;
  readonly streams: StreamConfig;
  /** Whether spans hold the text of operations. */
  readonly traceDocuments: boolean;
}

const serviceUrl = (port: number) => z.url({ protocol: /^https?$/ }).default(`http://127.0.0.1:${port}`);
const milliseconds = (fallback: number) => z.coerce.number().int().min(100).max(600_000).default(fallback);

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

const shape = z.object({
  SPINE_HOST: z.string().default('127.0.0.1'),
  SPINE_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  ...identityVariables,
  ...securityVariables,
  ...tracingVariables,
  ...streamVariables,
  ...supergraphVariables,
  SPINE_GATEWAY_TLS_CERT: z.string().optional(),
  SPINE_GATEWAY_TLS_KEY: z.string().optional(),
  SPINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SPINE_REGISTRY_URL: serviceUrl(4001),
  SPINE_LINEAGE_URL: serviceUrl(4002),
  SPINE_CDC_URL: serviceUrl(4003),
  SPINE_GOVERNANCE_URL: serviceUrl(4004),
  SPINE_GATEWAY_ORIGINS: list,
  SPINE_GATEWAY_REQUEST_MS: milliseconds(15_000),
  SPINE_GATEWAY_FETCH_MS: milliseconds(10_000),
  SPINE_GATEWAY_EXECUTOR: z.enum(['own', 'stock']).default('own'),
  SPINE_GATEWAY_FORWARD_HEADERS: list.transform(checkForwardHeaders),
  SPINE_GATEWAY_BREAKER_FAILURES: z.coerce.number().int().min(1).max(1_000).default(10),
  SPINE_GATEWAY_BREAKER_WINDOW: z.coerce.number().int().min(1).max(1_000).default(20),
  SPINE_GATEWAY_BREAKER_OPEN_MS: milliseconds(2_000),
  SPINE_GATEWAY_SLOW_MS: milliseconds(1_000),
  SPINE_GATEWAY_TRACE_DOCUMENTS: z.stringbool().default(false),
});

function committed(file: string): string {
  // The same from src/ and from dist/.
  return fileURLToPath(new URL(`../../schema/graphql/${file}`, import.meta.url));
}

/** Parses the environment; throws one Problem that names every fault. */
export function parseGatewayConfig(env: Env = process.env): GatewayConfig {
  const values = parseEnv(
    shape
      .superRefine(checkIdentity)
      .superRefine(checkSecurity)
      .superRefine(checkSupergraph)
      .superRefine(checkFrontTls),
    env,
  );
  return {
    host: values.SPINE_HOST,
    port: values.SPINE_GATEWAY_PORT,
    ...identityConfigOf(values),
    // Browsers and users have no certificate of ours: the front asks for none.
    serverTls: frontTlsOf(values),
    logLevel: values.SPINE_LOG_LEVEL,
    supergraph: supergraphConfigOf(values, committed('supergraph.graphql')),
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
    executor: values.SPINE_GATEWAY_EXECUTOR,
    forwardHeaders: values.SPINE_GATEWAY_FORWARD_HEADERS,
    breaker: {
      failures: values.SPINE_GATEWAY_BREAKER_FAILURES,
      window: values.SPINE_GATEWAY_BREAKER_WINDOW,
      openMs: values.SPINE_GATEWAY_BREAKER_OPEN_MS,
    },
    slowMs: values.SPINE_GATEWAY_SLOW_MS,
    tracing: tracingConfigOf(values),
    streams: streamConfigOf(values),
    traceDocuments: values.SPINE_GATEWAY_TRACE_DOCUMENTS,
    ...securityConfigOf(values),
  };
}

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
