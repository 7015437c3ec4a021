import type { Role } from '@spine/kernel/role';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type OidcConfig, oidcConfigOf, oidcVariables } from './oidc-config.ts';
import { principalOfJwt } from './oidc-principal.ts';

const variables = z.object(oidcVariables);
function configOf(env: Record<string, string> = {}): OidcConfig {
  const config = oidcConfigOf(
    variables.parse({ SPINE_OIDC_ISSUER: 'https://id.example', SPINE_OIDC_AUDIENCE: 'spine', ...env }),
  );
  if (config === null) throw new Error('no provider');
  return config;
}
const base = { sub: 'dora', exp: 1_772_000_000 };

test.each<[string, Record<string, string>, Record<string, unknown>, readonly Role[]]>([
  ['a list', {}, { roles: ['viewer', 'steward'] }, ['viewer', 'steward']],
  ['words', {}, { roles: 'viewer steward' }, ['viewer', 'steward']],
  ['a role twice', {}, { roles: ['viewer', 'viewer'] }, ['viewer']],
  ['roles that are not ours', {}, { roles: ['root', 'viewer', 'Viewer'] }, ['viewer']],
  ['the role of our own processes', {}, { roles: ['service', 'viewer'] }, ['viewer']],
  ['no such claim', {}, {}, []],
  ['a claim that is no list', {}, { roles: { viewer: true } }, []],
  ['a list with more than words', {}, { roles: [null, 1, ['admin'], 'viewer'] }, ['viewer']],
  [
    'a path',
    { SPINE_OIDC_ROLES_CLAIM: 'realm_access.roles' },
    { realm_access: { roles: ['viewer'] } },
    ['viewer'],
  ],
  [
    'a URL for a name',
    { SPINE_OIDC_ROLES_CLAIM: 'https://spine.example/roles' },
    { 'https://spine.example/roles': ['viewer'] },
    ['viewer'],
  ],
  ['a path that ends early', { SPINE_OIDC_ROLES_CLAIM: 'a.b.c' }, { a: { b: 'admin' } }, []],
  ['a path along a prototype', { SPINE_OIDC_ROLES_CLAIM: 'constructor.name' }, {}, []],
  [
    'names of the provider',
    { SPINE_OIDC_ROLE_MAP: 'data-admins=admin, /spine/readers=viewer,data-admins=security' },
    { roles: ['/spine/readers', 'data-admins', 'other'] },
    ['viewer', 'admin', 'security'],
  ],
  [
    'our names where the provider has its own',
    { SPINE_OIDC_ROLE_MAP: 'data-admins=admin' },
    { roles: ['admin'] },
    [],
  ],
])('roles come of %s', (_name, env, claims, roles) => {
  expect(principalOfJwt({ ...base, ...claims }, configOf(env)).roles).toEqual(roles);
});

test('functions and the name come of the claims that are configured', () => {
  const config = configOf({ SPINE_OIDC_FUNCTIONS_CLAIM: 'org.teams', SPINE_OIDC_ID_CLAIM: 'email' });
  const claims = { ...base, email: 'dora@example.org', org: { teams: ['security', 'sre'] } };
  expect(principalOfJwt(claims, config)).toMatchObject({
    id: 'dora@example.org',
    functions: ['security', 'sre'],
  });
  expect(() => principalOfJwt(base, config)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
});

test.each([
  ['an issuer over plain HTTP', { SPINE_OIDC_ISSUER: 'http://id.example' }],
  ['keys over plain HTTP', { SPINE_OIDC_JWKS_URL: 'http://id.example/keys' }],
  ['an issuer that is no URL', { SPINE_OIDC_ISSUER: 'id.example' }],
  ['a role that is not ours', { SPINE_OIDC_ROLE_MAP: 'x=root' }],
  ['the role of our own processes', { SPINE_OIDC_ROLE_MAP: 'x=service' }],
  ['a name without a role', { SPINE_OIDC_ROLE_MAP: 'x' }],
])('%s is refused in the configuration', (_name, env) => {
  expect(variables.safeParse({ ...env }).success).toBe(false);
});

test('a provider on this machine may speak plain HTTP, and audiences may be several', () => {
  const config = configOf({
    SPINE_OIDC_ISSUER: 'http://127.0.0.1:8080/realm',
    SPINE_OIDC_AUDIENCE: 'spine, api://spine',
  });
  expect(config).toMatchObject({
    issuer: 'http://127.0.0.1:8080/realm',
    audiences: ['spine', 'api://spine'],
  });
});
