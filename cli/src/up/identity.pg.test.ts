import { parseCdcConfig } from '@spine/cdc/config';
import { createCdcService } from '@spine/cdc/service';
import { parseGatewayConfig } from '@spine/gateway/config';
import { createGatewayService } from '@spine/gateway/service';
import { parseGovernanceConfig } from '@spine/governance/config';
import { createGovernanceService } from '@spine/governance/service';
import { parseLineageConfig } from '@spine/lineage/config';
import { createLineageService } from '@spine/lineage/service';
import { createFetch } from '@spine/platform/http/create-fetch';
import { createDisposeStack } from '@spine/platform/lifecycle/dispose-stack';
import type { Service } from '@spine/platform/service/service';
import { parseRegistryConfig } from '@spine/registry/config';
import { createRegistryService } from '@spine/registry/service';
import { type CertificateFiles, createCertificates } from '@spine/testkit/create-certificates';
import { type IdentityProvider, startIdentityProvider } from '@spine/testkit/identity-provider';
import { createTestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The five services as their containers run them: each behind its own port, by HTTPS with certificates of one CA, callers
// known by the tokens of an identity provider alone.
const stack = createDisposeStack();
const urls: Record<string, string> = {};
let provider: IdentityProvider;
let files: CertificateFiles;

async function start(name: string, create: () => Promise<Service>): Promise<void> {
  const service = await create();
  stack.defer(() => service.close());
  await service.listen();
  urls[name] = service.address();
}

beforeAll(async () => {
  provider = await startIdentityProvider();
  stack.defer(() => provider.close());
  const database = await createTestDatabase();
  stack.defer(() => database.drop());
  files = await createCertificates();
  const env = {
    SPINE_DATABASE_URL: database.url,
    SPINE_SERVICE_SECRET: 's'.repeat(32),
    SPINE_LOG_LEVEL: 'silent',
    SPINE_OIDC_ISSUER: provider.issuer,
    SPINE_OIDC_AUDIENCE: 'spine',
    SPINE_OIDC_ROLES_CLAIM: 'realm_access.roles',
    SPINE_OIDC_ROLE_MAP: 'data-admins=admin,data-readers=viewer',
    SPINE_TLS_CERT: files.cert,
    SPINE_TLS_KEY: files.key,
    SPINE_TLS_CA: files.ca,
    SPINE_GATEWAY_TLS_CERT: files.cert,
    SPINE_GATEWAY_TLS_KEY: files.key,
    SPINE_CDC_WORKERS: '0',
    ...Object.fromEntries(
      ['REGISTRY', 'LINEAGE', 'CDC', 'GOVERNANCE', 'GATEWAY'].map((name) => [`SPINE_${name}_PORT`, '0']),
    ),
  };
  await start('registry', () => createRegistryService(parseRegistryConfig(env)));
  await start('lineage', () => createLineageService(parseLineageConfig(env)));
  await start('governance', () => createGovernanceService(parseGovernanceConfig(env)));
  const found = () =>
    Object.fromEntries(Object.entries(urls).map(([name, url]) => [`SPINE_${name.toUpperCase()}_URL`, url]));
  await start('cdc', () => createCdcService(parseCdcConfig({ ...env, ...found() })));
  await start('gateway', () => createGatewayService(parseGatewayConfig({ ...env, ...found() })));
});
afterAll(() => stack.close());

const holding = (...roles: readonly string[]) => ({ sub: 'dora', realm_access: { roles } });
type Rest = readonly [service: string, method: 'GET' | 'POST', path: string];
const rest: readonly Rest[] = [
  ['registry', 'GET', '/schemas'],
  ['lineage', 'POST', '/api/v1/lineage'],
  ['cdc', 'GET', '/internal/status'],
  ['governance', 'GET', '/internal/ledger/verify'],
];
async function call([service, method, path]: Rest, token: string | null, body?: unknown) {
  const response = await createFetch(files)(`${String(urls[service])}${path}`, {
    method,
    body: JSON.stringify(body) ?? null,
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}
/** With the first bits of its signature changed; the last characters hold bits that mean nothing. */
function withAnotherSignature(token: string): string {
  const at = token.lastIndexOf('.') + 1;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}
const event = {
  eventType: 'COMPLETE',
  eventTime: '2026-03-01T12:00:00.000Z',
  producer: 'https://example.org/producer',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  run: { runId: '01890000-0000-7000-8000-000000000000' },
  job: { namespace: 'n', name: 'j' },
};
const bodyOf = ([, method]: Rest) => (method === 'POST' ? event : undefined);

test.each(rest)(
  '%s accepts a token of the provider over REST, and refuses what is none',
  async (...route) => {
    const token = await provider.token(holding('data-admins'));
    expect((await call(route, token, bodyOf(route))).status).toBeLessThan(300);
    const expired = await provider.token({ ...holding('data-admins'), exp: 1_000_000 });
    for (const refused of [null, withAnotherSignature(token), expired]) {
      const answer = await call(route, refused, bodyOf(route));
      expect([answer.status, JSON.parse(answer.body).code]).toEqual([401, 'UNAUTHENTICATED']);
      const challenge = refused === null ? 'Bearer realm="spine"' : expect.stringContaining('invalid_token');
      expect(answer.headers.get('www-authenticate')).toEqual(challenge);
    }
  },
);

const headline = `{ schemaSubject: subject(name: "none") { name } dataset(namespace: "n", name: "d") { name }
  routes(first: 1) { nodes { name } } matrixVersions(first: 1) { nodes { version } } }`;
async function ask(query: string, token: string | null) {
  const { status, body } = await call(['gateway', 'POST', '/graphql'], token, { query });
  return { status, ...JSON.parse(body) };
}

test('the gateway accepts a token of the provider, and each subgraph knows whose it is', async () => {
  const answer = await ask(headline, await provider.token(holding('data-readers')));
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toMatchObject({ schemaSubject: null, routes: { nodes: [] } });
  expect((await ask(headline, null)).status).toBe(401);
  expect((await ask(headline, 'not.a.token')).status).toBe(401);
});

test('a token whose roles are not ours is a principal who may do nothing that needs one', async () => {
  const nobody = await provider.token(holding('someone'));
  expect((await call(['cdc', 'GET', '/internal/status'], nobody)).status).toBe(403);
});

test('a subgraph is asked by nobody past the gateway, not even with a certificate and a token of an admin', async () => {
  const token = await provider.token(holding('data-admins'));
  for (const [service] of rest) {
    for (const query of ['{ _service { sdl } }', '{ __typename }']) {
      const answer = await call([service, 'POST', '/graphql'], token, { query });
      expect([answer.status, JSON.parse(answer.body).code]).toEqual([401, 'UNAUTHENTICATED']);
    }
  }
});

test('a service shows itself to nobody without a certificate, but for its probes', async () => {
  const stranger = await createCertificates();
  const bare = createFetch({ ...stranger, ca: files.ca });
  const token = await provider.token(holding('data-admins'));
  const headers = { authorization: `Bearer ${token}` };
  const statusOf = async (path: string) => {
    const response = await bare(`${String(urls['registry'])}${path}`, { method: 'GET', headers });
    return [response.status, await response.text()];
  };
  expect(await statusOf('/schemas')).toMatchObject([401, expect.stringContaining('no certificate')]);
  for (const path of ['/livez', '/readyz'])
    expect(await statusOf(path)).toMatchObject([200, expect.any(String)]);
});
