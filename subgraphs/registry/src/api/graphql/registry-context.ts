import type { GraphContext } from '@spine/platform/graphql/context';
import type { Stream } from '@spine/platform/stream/create-stream';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import type { SchemaChange } from '../../usecases/schema-change.ts';

/** What the resolvers of the registry find in their context. */
export interface RegistryContext extends GraphContext {
  readonly registry: RegistryDeps;
  readonly changes: Stream<SchemaChange>;
}
