import { Problem } from '@spine/kernel/problem';
import { parseOidcConfig } from '@spine/platform/auth/oidc-config';
import { discoverJwksUrl } from '@spine/platform/auth/oidc-keys';
import type { Env } from '../config.ts';
import type { Finding } from './finding.ts';

const name = 'identity provider';
const answerMs = 5_000;

/** Whether the provider of SPINE_OIDC_ISSUER answers, with keys to check tokens by and a clock like ours. */
export async function checkIdentityProvider(env: Env, now = () => new Date()): Promise<readonly Finding[]> {
  try {
    const config = parseOidcConfig(env);
    if (config === null) return [];
    const { issuer } = config;
    const jwksUrl = config.jwksUrl ?? (await discoverJwksUrl(issuer));
    const response = await fetch(jwksUrl, { redirect: 'manual', signal: AbortSignal.timeout(answerMs) });
    const keys = countKeys(await response.json());
    if (keys === 0) throw new Problem('SERVICE_UNAVAILABLE', `${jwksUrl} holds no keys`);
    const skew = Math.round((Date.parse(response.headers.get('date') ?? '') - now().getTime()) / 1_000);
    if (Math.abs(skew) > 5) {
      const fix = 'Keep the clock of this machine by NTP: tokens are good or expired by it.';
      return [{ name, good: false, detail: `${issuer}: its clock is ${skew} s from ours`, fix }];
    }
    return [{ name, good: true, detail: `${issuer}: ${keys} ${keys === 1 ? 'key' : 'keys'}` }];
  } catch (error) {
    const problem = error instanceof Problem ? error : undefined;
    const fix =
      problem?.fix ?? 'Check SPINE_OIDC_ISSUER and SPINE_OIDC_JWKS_URL, and that this machine reaches them.';
    return [{ name, good: false, detail: problem?.message ?? 'its keys cannot be had', fix }];
  }
}

function countKeys(document: unknown): number {
  const keys = document !== null && typeof document === 'object' && 'keys' in document ? document.keys : [];
  return Array.isArray(keys) ? keys.length : 0;
}
