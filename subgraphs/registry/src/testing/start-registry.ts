import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signRequest } from '@spine/platform/auth/service-signature';
import { createDatabase } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import type { Service } from '@spine/platform/service/service';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase } from '@spine/testkit/test-database';
import { createRegistryService } from '../service.ts';
import { registryMigrations } from '../store/migrations.ts';

/** A registry of a test's own, with a token for each role it needs: `publisher-secret` and so on. */
export interface TestRegistry {
  readonly service: Service;
  readonly databaseUrl: string;
  /** Asks over REST as the bearer of a role. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown, role?: string): Promise<Answer>;
  /** Asks as another service of ours. */
  askSigned(path: string, body: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it expects
  readonly body: any;
}

const secret = 'a secret that only this test knows, long enough';
const roles = ['viewer', 'publisher', 'steward'] as const;

/** A database with the registry's schema, cloned from one that was migrated once. */
export function createRegistryDatabase() {
  return createTestDatabase({
    template: {
      name: 'registry',
      async migrate(url) {
        const database = createDatabase({ url, schema: 'registry', log: createRecordingLog() });
        await migrate(database, registryMigrations);
        await database.close();
      },
    },
  });
}

/** Starts a registry over an empty database. */
export async function startRegistry(): Promise<TestRegistry> {
  const database = await createRegistryDatabase();
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
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    serviceSecret: secret,
    streamSecret: secret,
    tokensFile,
    logLevel: 'silent',
  });
  return {
    service,
    databaseUrl: database.url,
    async ask(method, path, body, role = 'publisher') {
      const answer = await service.app.inject({
        method,
        url: path,
        headers: { authorization: `Bearer ${role}-secret` },
        ...(body !== undefined && { payload: Object(body) }),
      });
      return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
    },
    async askSigned(path, body) {
      const payload = JSON.stringify(body);
      const signed = { secret, service: 'cdc', method: 'POST', path, body: payload, now: new Date() };
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
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The text of an Avro record of these fields. */
export function recordText(fields: readonly object[], more: object = {}): string {
  return JSON.stringify({ type: 'record', name: 'Customer', namespace: 'shop', fields, ...more });
}
