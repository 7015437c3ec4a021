import 'reflect-metadata';
import { invariant } from '@spine/kernel/invariant';
import { mapStream } from '@spine/platform/graphql/map-stream';
import { Cursor } from '@spine/platform/graphql/scalars';
import { StreamItemFields, streamItemTypes } from '@spine/platform/graphql/stream-item-types';
import { Arg, Ctx, FieldResolver, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { SchemaChange } from '../../usecases/schema-change.ts';
import { loadVersion } from './loaders.ts';
import type { RegistryContext } from './registry-context.ts';
import { SchemaVersionType, toVersionType } from './subject-types.ts';

const streams = streamItemTypes('SchemaChangeStreamItem');

/** The types of the stream that no field names but the interface. */
export const schemaChangeTypes = [streams.StreamHeartbeat, streams.StreamGap, streams.SnapshotComplete];

/** A version was published. */
@ObjectType({ implements: streams.interfaces.SchemaChangeStreamItem })
export class SchemaVersionPublished extends StreamItemFields {
  /** What the version is found by; not part of the graph. */
  change!: SchemaChange;
}

/** The stream of publishes. */
@Resolver(() => SchemaVersionPublished)
export class SchemaChangeResolver {
  @Subscription(() => streams.interfaces.SchemaChangeStreamItem, {
    description: 'Every publish from now on, or behind a cursor.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: RegistryContext }) =>
      mapStream(context.changes.subscribe({ after: args.after ?? undefined }), streams, toPublished),
  })
  schemaChanges(
    @Root() item: StreamItemFields,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
  ): StreamItemFields {
    return item;
  }

  @FieldResolver(() => SchemaVersionType)
  async version(
    @Root() published: SchemaVersionPublished,
    @Ctx() context: RegistryContext,
  ): Promise<SchemaVersionType> {
    const { subject, version: position } = published.change;
    const version = await loadVersion(context, { subject, version: position });
    invariant(version !== null, `what was announced is stored: ${subject} ${position}`);
    return toVersionType(version);
  }
}

function toPublished(change: SchemaChange, cursor: string): SchemaVersionPublished {
  return Object.assign(new SchemaVersionPublished(), { change, cursor });
}
