const services = ['GATEWAY', 'REGISTRY', 'LINEAGE', 'CDC', 'GOVERNANCE'] as const;

/** Every variable that some process of ours reads (docs/internal-contracts.md); `env:` secrets have names of their own. */
export const knownVariables: readonly string[] = [
  'SPINE_DATABASE_URL',
  'SPINE_HOST',
  'SPINE_HOME',
  'SPINE_SERVICE_SECRET',
  'SPINE_STREAM_SECRET',
  'SPINE_OBLIGATION_KEY',
  'SPINE_TOKENS_FILE',
  ...['ISSUER', 'AUDIENCE', 'JWKS_URL', 'ID_CLAIM', 'ROLES_CLAIM', 'FUNCTIONS_CLAIM', 'ROLE_MAP'].map(
    (name) => `SPINE_OIDC_${name}`,
  ),
  ...['CERT', 'KEY', 'CA'].map((name) => `SPINE_TLS_${name}`),
  'SPINE_GATEWAY_TLS_CERT',
  'SPINE_GATEWAY_TLS_KEY',
  'SPINE_TOKEN',
  'SPINE_LOG_LEVEL',
  'SPINE_OTLP_URL',
  'SPINE_OTLP_RATIO',
  'SPINE_CDC_WORKERS',
  'SPINE_EMBEDDED_URL',
  ...['SUPERGRAPH', 'ORIGINS', 'REQUEST_MS', 'FETCH_MS', 'FORWARD_HEADERS', 'SLOW_MS', 'TRACE_DOCUMENTS'].map(
    (name) => `SPINE_GATEWAY_${name}`,
  ),
  ...['FAILURES', 'WINDOW', 'OPEN_MS'].map((name) => `SPINE_GATEWAY_BREAKER_${name}`),
  ...services.flatMap((name) => [`SPINE_${name}_URL`, `SPINE_${name}_PORT`, `SPINE_${name}_DATABASE_URL`]),
];
