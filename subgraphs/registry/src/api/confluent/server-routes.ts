import type { ConfluentManners, ConfluentRelease } from '../../domain/confluent/confluent-release.ts';
import { parseContext } from '../../domain/confluent/qualified-subject.ts';
import { deleteContext } from '../../usecases/confluent/delete-context.ts';
import { listContexts } from '../../usecases/confluent/read-registered.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import type { AddRoute } from './route.ts';

/** What the server says of itself, and its contexts. */
export function addServerRoutes(add: AddRoute, deps: RegistryDeps, manners: ConfluentManners): void {
  add('GET', '/', () => ({}));
  add('POST', '/', () => ({}));
  add('GET', '/v1/metadata/id', () => ({
    scope: { path: [], clusters: { 'kafka-cluster': '', 'schema-registry-cluster': 'data-spine' } },
    id: '',
  }));
  add('GET', '/v1/metadata/version', () => ({ version: builds[manners.release], commitId: '' }));
  add('GET', '/v1/metadata/deployment', () => ({ attributes: ['opensource'] }));
  add('GET', '/contexts', async (call) =>
    call.page(await listContexts(deps, call.word('contextPrefix') ?? '')),
  );
  add('DELETE', '/contexts/:context', (call) => deleteContext(deps, parseContext(call.part('context'))), {
    role: 'steward',
  });
}

/** The build that a release is shown as: clients compare it with what they need. */
const builds: Readonly<Record<ConfluentRelease, string>> = {
  '7.9': '7.9.0',
  '8.0': '8.0.0',
  '8.1': '8.1.0',
  '8.5': '8.5.0',
};
