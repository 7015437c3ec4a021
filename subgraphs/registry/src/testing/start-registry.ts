import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@spine/kernel/role';
import { signRequest } from '@spine/platform/auth/service-signature';
import { createDatabase } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import type { Service } from '@spine/platform/service/service';
import type { RegistryConfig } from '../config.ts';
import { createRegistryService } from '../service.ts';
import { registryMigrations } from '../store/migrations.ts';

/** A registry of a test's own, with a token for each role it needs: `publisher-secret` and so on. */
export interface TestRegistry {
  readonly service: Service;
  /** Asks over REST as the bearer of a role. */
  ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    role?: string,
  ): Promise<Answer>;
  /** Asks as another service of ours, or for the bearer of a role as the gateway does. */
  askSigned(path: string, body: unknown, role?: Role): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it expects
  readonly body: any;
}

const secret = 'a secret that only this test knows, long enough';
const roles = ['viewer', 'publisher', 'steward'] as const;

/** The registry's schema, for `createTestDatabase`: migrated once, cloned for every test file. */
export const registryTemplate = {
  name: 'registry',
  async migrate(url: string): Promise<void> {
    const database = createDatabase({ url, schema: 'registry', log: { warn() {} } });
    await migrate(database, registryMigrations);
    await database.close();
  },
};

/** Starts a registry over a database. */
export async function startRegistry(
  databaseUrl: string,
  more: Partial<RegistryConfig> = {},
): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-test-'));
  const tokensFile = join(folder, 'tokens.json');
  const tokens = roles.map((role) => ({
    id: role,
    sha256: createHash('sha256').update(`${role}-secret`).digest('hex'),
    // A steward who also publishes.
    roles: role === 'steward' ? ['steward', 'publisher'] : [role],
    functions: [],
  }));
  await writeFile(tokensFile, JSON.stringify(tokens));
  const service = await createRegistryService({
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    serviceSecret: secret,
    streamSecret: secret,
    tokensFile,
    logLevel: 'silent',
    ...more,
  });
  return {
    service,
    async ask(method, path, body, role = 'publisher') {
      const answer = await service.app.inject({
        method,
        url: path,
        headers: { authorization: `Bearer ${role}-secret` },
        ...(body !== undefined && { payload: Object(body) }),
      });
      const isJson = String(answer.headers['content-type']).includes('json');
      return { status: answer.statusCode, body: isJson ? answer.json() : answer.body || null };
    },
    async askSigned(path, body, role) {
      const payload = JSON.stringify(body);
      const claims =
        role === undefined
          ? undefined
          : { id: role, kind: 'user' as const, roles: [role], functions: [], exp: null };
      const signed = { secret, service: 'cdc', method: 'POST', path, body: payload, claims, now: new Date() };
      const answer = await service.app.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/json', ...signRequest(signed) },
        payload,
      });
      return { status: answer.statusCode, body: answer.json() };
    },
    async close() {
      await service.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The text of an Avro record of these fields. */
export function recordText(fields: readonly object[], more: object = {}): string {
  return JSON.stringify({ type: 'record', name: 'Customer', namespace: 'shop', fields, ...more });
}
