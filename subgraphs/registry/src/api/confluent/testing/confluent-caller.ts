import { createTestDatabase } from '@spine/testkit/test-database';
import {
  type Answer,
  registryTemplate,
  startRegistry,
  type TestRegistry,
} from '../../../testing/start-registry.ts';

/** A registry of a test's own, called as Kafka clients call it: as a steward who also publishes, unless it says otherwise. */
export interface ConfluentCaller {
  readonly registry: TestRegistry;
  get(path: string): Promise<Answer>;
  post(path: string, body?: object, role?: string): Promise<Answer>;
  put(path: string, body: object, role?: string): Promise<Answer>;
  remove(path: string): Promise<Answer>;
  /** Registers a schema, with whatever else its body is to say. */
  register(subject: string, schema: string, more?: object): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts the registry over an empty database. */
export async function startConfluentCaller(): Promise<ConfluentCaller> {
  const storage = await createTestDatabase({ template: registryTemplate });
  const registry = await startRegistry(storage.url);
  const post: ConfluentCaller['post'] = (path, body = {}, role = 'steward') =>
    registry.ask('POST', path, body, role);
  return {
    registry,
    get: (path) => registry.ask('GET', path, undefined, 'steward'),
    post,
    put: (path, body, role = 'steward') => registry.ask('PUT', path, body, role),
    remove: (path) => registry.ask('DELETE', path, undefined, 'steward'),
    register: (subject, schema, more = {}) =>
      post(`/subjects/${encodeURIComponent(subject)}/versions`, { schema, ...more }),
    async close() {
      await registry.close();
      await storage.drop();
    },
  };
}

/** The text of an Avro record, its fields strings unless they say otherwise. */
export function orderText(...fields: readonly (string | object)[]): string {
  return JSON.stringify({
    type: 'record',
    name: 'Order',
    namespace: 'shop',
    fields: fields.map((field) => (typeof field === 'string' ? { name: field, type: 'string' } : field)),
  });
}

/** A field that may be left out. */
export function optional(name: string): object {
  return { name, type: ['null', 'string'], default: null };
}
