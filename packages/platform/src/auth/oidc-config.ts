import { type Role, roles } from '@spine/kernel/role';
import { z } from 'zod';
import { type Env, parseEnv } from '../config/parse-env.ts';
import { isLoopback } from './is-loopback.ts';

/** Whose tokens are accepted, and what is read from them. */
export interface OidcConfig {
  /** The `iss` of its tokens, to the letter. */
  readonly issuer: string;
  /** One of these is in `aud`. */
  readonly audiences: readonly string[];
  /** Where its keys are; null: as its discovery document says. */
  readonly jwksUrl: string | null;
  /** The claim that names the principal. */
  readonly idClaim: string;
  /** Claims by name or dotted path. */
  readonly rolesClaim: string;
  readonly functionsClaim: string;
  /** Our roles by the provider's names for them; null: it uses our names. */
  readonly roleMap: ReadonlyMap<string, readonly Role[]> | null;
}

const keyUrl = z.string().refine(isSafe, 'is neither an https URL nor one on this machine');
const claim = (fallback: string) => z.string().min(1).default(fallback);

/** The variables that say so; `docs/security.md` explains them. */
export const oidcVariables = {
  SPINE_OIDC_ISSUER: keyUrl.optional(),
  SPINE_OIDC_AUDIENCE: listOf().optional(),
  SPINE_OIDC_JWKS_URL: keyUrl.optional(),
  SPINE_OIDC_ID_CLAIM: claim('sub'),
  SPINE_OIDC_ROLES_CLAIM: claim('roles'),
  SPINE_OIDC_FUNCTIONS_CLAIM: claim('functions'),
  SPINE_OIDC_ROLE_MAP: listOf().transform(parseRoleMap).optional(),
};

/** The configuration of variables that were parsed; null: no provider. */
export function oidcConfigOf(values: z.output<z.ZodObject<typeof oidcVariables>>): OidcConfig | null {
  if (values.SPINE_OIDC_ISSUER === undefined) return null;
  return {
    issuer: values.SPINE_OIDC_ISSUER,
    audiences: values.SPINE_OIDC_AUDIENCE ?? [],
    jwksUrl: values.SPINE_OIDC_JWKS_URL ?? null,
    idClaim: values.SPINE_OIDC_ID_CLAIM,
    rolesClaim: values.SPINE_OIDC_ROLES_CLAIM,
    functionsClaim: values.SPINE_OIDC_FUNCTIONS_CLAIM,
    roleMap: values.SPINE_OIDC_ROLE_MAP ?? null,
  };
}

/** The provider that an environment names; null: none. Throws CONFIG_INVALID as every configuration does. */
export function parseOidcConfig(env: Env): OidcConfig | null {
  return oidcConfigOf(parseEnv(z.object(oidcVariables), env));
}

/** Keys that came over plain HTTP could be anybody's. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function listOf() {
  return z.string().transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );
}

/** `their-name=role,other-name=role`; a name may stand several times. The role of our own processes is not given away. */
function parseRoleMap(
  entries: readonly string[],
  context: z.core.$RefinementCtx,
): ReadonlyMap<string, readonly Role[]> {
  const map = new Map<string, Role[]>();
  for (const entry of entries) {
    const equals = entry.lastIndexOf('=');
    const name = entry.slice(0, Math.max(equals, 0)).trim();
    const role = roles.find((one) => one === entry.slice(equals + 1).trim() && one !== 'service');
    if (name === '' || role === undefined) {
      context.addIssue({ code: 'custom', message: `"${entry}" is not <their name>=<role of ours>` });
      continue;
    }
    map.set(name, [...(map.get(name) ?? []), role]);
  }
  return map;
}
