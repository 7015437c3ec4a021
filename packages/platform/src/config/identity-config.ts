import { z } from 'zod';
import { type OidcConfig, oidcConfigOf, oidcVariables } from '../auth/oidc-config.ts';
import { serviceSecretShape } from '../auth/service-secret.ts';
import type { TlsFiles } from '../http/tls-files.ts';

/** How a process knows who asks, and proves who it is itself. */
export interface IdentityConfig {
  /** One secret, or two separated by a comma: the first signs, both are accepted. */
  readonly serviceSecret: string;
  /** null: no static tokens. Without tokens and provider: dev mode. */
  readonly tokensFile: string | null;
  /** The provider whose tokens are accepted. */
  readonly oidc?: OidcConfig | null;
  /** What this process shows to our other processes, and by what it knows them. */
  readonly peerTls?: TlsFiles | null;
  /** What this process serves HTTPS with; null: it serves HTTP. */
  readonly serverTls?: TlsFiles | null;
}

/** The variables of every process; spread them into the object of its own, and refine that by `checkIdentity`. */
export const identityVariables = {
  SPINE_SERVICE_SECRET: serviceSecretShape,
  SPINE_TOKENS_FILE: z.string().optional(),
  ...oidcVariables,
  SPINE_TLS_CERT: z.string().optional(),
  SPINE_TLS_KEY: z.string().optional(),
  SPINE_TLS_CA: z.string().optional(),
};

type IdentityValues = z.output<z.ZodObject<typeof identityVariables>>;

/** Variables that only mean something together. */
export function checkIdentity(values: IdentityValues, context: z.core.$RefinementCtx): void {
  const missing = (names: readonly (keyof IdentityValues)[], because: string): void => {
    for (const name of names) {
      if (values[name] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: `is needed, since ${because} is set` });
    }
  };
  const tls = ['SPINE_TLS_CERT', 'SPINE_TLS_KEY', 'SPINE_TLS_CA'] as const;
  const set = tls.find((name) => values[name] !== undefined);
  if (set !== undefined) missing(tls, set);
  if (values.SPINE_OIDC_ISSUER !== undefined) missing(['SPINE_OIDC_AUDIENCE'], 'SPINE_OIDC_ISSUER');
  else if (values.SPINE_OIDC_AUDIENCE !== undefined) missing(['SPINE_OIDC_ISSUER'], 'SPINE_OIDC_AUDIENCE');
}

/** The configuration of variables that were parsed: a service that serves what it shows to the others. */
export function identityConfigOf(values: IdentityValues): IdentityConfig {
  const { SPINE_TLS_CERT: cert, SPINE_TLS_KEY: key, SPINE_TLS_CA: ca } = values;
  const peerTls = cert === undefined || key === undefined || ca === undefined ? null : { cert, key, ca };
  return {
    serviceSecret: values.SPINE_SERVICE_SECRET,
    tokensFile: values.SPINE_TOKENS_FILE ?? null,
    oidc: oidcConfigOf(values),
    peerTls,
    serverTls: peerTls,
  };
}
