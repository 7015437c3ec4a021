import 'reflect-metadata';
import { Problem } from '@spine/kernel/problem';
import { mapStream } from '@spine/platform/graphql/map-stream';
import { Cursor } from '@spine/platform/graphql/scalars';
import type { StreamItemFields } from '@spine/platform/graphql/stream-item-types';
import { Arg, type ClassType, Ctx, FieldResolver, Resolver, Root, Subscription } from 'type-graphql';
import type { SchemaChange } from '../../usecases/schema-change.ts';
import {
  SchemaVersionDeleted,
  SchemaVersionDeprecated,
  SchemaVersionPublished,
  SchemaVersionRolledBack,
  SchemaVersionUndeprecated,
  streams,
  toChangeItem,
} from './change-types.ts';
import { loadVersion } from './loaders.ts';
import type { RegistryContext } from './registry-context.ts';
import { SchemaVersionType, toVersionType } from './version-types.ts';

/** The stream of publishes and of what becomes of versions. */
@Resolver()
export class SchemaChangeResolver {
  @Subscription(() => streams.interfaces.SchemaChangeStreamItem, {
    description: 'Every publish, rollback, deletion and deprecation from now on, or behind a cursor.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: RegistryContext }) =>
      mapStream(context.changes.subscribe({ after: args.after ?? undefined }), streams, toChangeItem),
  })
  schemaChanges(
    @Root() item: StreamItemFields,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
  ): StreamItemFields {
    return item;
  }
}

/** The version that an event is about, for each kind of event that has one. */
export const versionEventResolvers = [
  SchemaVersionPublished,
  SchemaVersionRolledBack,
  SchemaVersionDeleted,
  SchemaVersionDeprecated,
  SchemaVersionUndeprecated,
].map(versionOf);

function versionOf(eventType: ClassType<{ change: SchemaChange }>) {
  @Resolver(() => eventType)
  class VersionEventResolver {
    @FieldResolver(() => SchemaVersionType)
    async version(
      @Root() { change }: { change: SchemaChange },
      @Ctx() context: RegistryContext,
    ): Promise<SchemaVersionType> {
      const version = await loadVersion(context, change);
      if (version !== null) return toVersionType(version);
      throw new Problem(
        'VERSION_NOT_FOUND',
        `version ${change.version} of ${change.subject} was removed for good since`,
        { fix: 'read on: the stream tells when' },
      );
    }
  }
  return VersionEventResolver;
}
