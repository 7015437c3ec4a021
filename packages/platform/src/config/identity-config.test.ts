import { describe, expect, test } from 'vitest';
import { parseServiceConfig } from './service-config.ts';

const old = 'o'.repeat(32);
const fresh = 'f'.repeat(32);
const base = { SPINE_DATABASE_URL: 'postgres://a', SPINE_SERVICE_SECRET: old };
const parse = (env: Record<string, string> = {}) =>
  parseServiceConfig({ name: 'registry', port: 4001 }, { ...base, ...env });
function faultsOf(env: Record<string, string>): unknown {
  try {
    return parse(env);
  } catch (error) {
    return error instanceof Error && 'extensions' in error ? error.extensions : error;
  }
}
const tls = { SPINE_TLS_CERT: '/c.pem', SPINE_TLS_KEY: '/k.pem', SPINE_TLS_CA: '/ca.pem' };

test('without more than a secret there are neither tokens nor a provider nor TLS', () => {
  expect(parse()).toMatchObject({ tokensFile: null, oidc: null, peerTls: null, serverTls: null });
});

test('what is set to nothing, as compose sets it, is not set', () => {
  const env = {
    SPINE_OIDC_ISSUER: '',
    SPINE_OIDC_AUDIENCE: '',
    SPINE_OIDC_ROLES_CLAIM: '',
    SPINE_TLS_CERT: '',
  };
  expect(parse(env)).toMatchObject({ oidc: null, peerTls: null });
});

test('a provider is its issuer and audience, the rest has defaults', () => {
  const env = {
    SPINE_OIDC_ISSUER: 'https://id.example',
    SPINE_OIDC_AUDIENCE: 'spine',
    SPINE_OIDC_ROLES_CLAIM: '',
  };
  expect(parse(env).oidc).toEqual({
    issuer: 'https://id.example',
    audiences: ['spine'],
    jwksUrl: null,
    idClaim: 'sub',
    rolesClaim: 'roles',
    functionsClaim: 'functions',
    roleMap: null,
  });
});

test('a service serves the certificate that it shows', () => {
  const files = { cert: '/c.pem', key: '/k.pem', ca: '/ca.pem' };
  expect(parse(tls)).toMatchObject({ peerTls: files, serverTls: files });
});

test.each<[string, Record<string, string>, string]>([
  ['an issuer without an audience', { SPINE_OIDC_ISSUER: 'https://id.example' }, 'SPINE_OIDC_AUDIENCE'],
  ['an audience without an issuer', { SPINE_OIDC_AUDIENCE: 'spine' }, 'SPINE_OIDC_ISSUER'],
  ['a certificate without its key', { ...tls, SPINE_TLS_KEY: '' }, 'SPINE_TLS_KEY'],
  ['a certificate without a CA', { ...tls, SPINE_TLS_CA: '' }, 'SPINE_TLS_CA'],
  ['three secrets', { SPINE_SERVICE_SECRET: [old, fresh, old].join(',') }, 'SPINE_SERVICE_SECRET'],
  ['a short one beside a long one', { SPINE_SERVICE_SECRET: `${old},short` }, 'SPINE_SERVICE_SECRET'],
  ['a misspelt variable', { SPINE_OIDC_ISUER: 'https://id.example' }, 'SPINE_OIDC_ISSUER'],
])('%s is refused, naming the variable', (_name, env, variable) => {
  expect(faultsOf(env)).toMatchObject({ faults: [expect.stringContaining(variable)] });
});

describe('two secrets', () => {
  test('give two stream keys in their order, each that of the secret alone', () => {
    const alone = [old, fresh].map((secret) => parse({ SPINE_SERVICE_SECRET: secret }).streamSecret);
    expect(parse({ SPINE_SERVICE_SECRET: `${old}, ${fresh}` }).streamSecret).toBe(alone.join(','));
  });
});
