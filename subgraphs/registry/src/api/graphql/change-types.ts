import 'reflect-metadata';
import { unreachable } from '@spine/kernel/invariant';
import { StreamItemFields, streamItemTypes } from '@spine/platform/graphql/stream-item-types';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { formatSemver } from '../../domain/semver.ts';
import { versionKey } from '../../domain/subject-version.ts';
import type { SchemaChange } from '../../usecases/schema-change.ts';

/** The types of the stream that every stream has. */
export const streams = streamItemTypes('SchemaChangeStreamItem');

/** An event of a version that can still be read; the version is resolved from the change. */
abstract class VersionEvent extends StreamItemFields {
  /** What the version is found by; not part of the graph. */
  change!: SchemaChange;
}

/** A version was published. */
@ObjectType({ implements: streams.interfaces.SchemaChangeStreamItem })
export class SchemaVersionPublished extends VersionEvent {}

/** A version is no longer offered: an older one is the latest again. */
@ObjectType({ implements: streams.interfaces.SchemaChangeStreamItem })
export class SchemaVersionRolledBack extends VersionEvent {}

/** A version is no longer offered. */
@ObjectType({ implements: streams.interfaces.SchemaChangeStreamItem })
export class SchemaVersionDeleted extends VersionEvent {}

/** A version should no longer be used. */
@ObjectType({ implements: streams.interfaces.SchemaChangeStreamItem })
export class SchemaVersionDeprecated extends VersionEvent {}

/** A deprecation was taken back. */
@ObjectType({ implements: streams.interfaces.SchemaChangeStreamItem })
export class SchemaVersionUndeprecated extends VersionEvent {}

/** A version was removed for good: only its name is left. */
@ObjectType({ implements: streams.interfaces.SchemaChangeStreamItem })
export class SchemaVersionRemoved extends StreamItemFields {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  subject!: string;

  @Field(() => Int, { description: 'The position that it had.' })
  position!: number;

  @Field(() => String)
  semver!: string;
}

/** What only the interface names. */
export const schemaChangeTypes = [
  SchemaVersionPublished,
  SchemaVersionRolledBack,
  SchemaVersionDeleted,
  SchemaVersionDeprecated,
  SchemaVersionUndeprecated,
  SchemaVersionRemoved,
  streams.StreamHeartbeat,
  streams.StreamGap,
  streams.SnapshotComplete,
];

/** An event of the stream as the graph shows it. */
export function toChangeItem(change: SchemaChange, cursor: string): StreamItemFields {
  switch (change.kind) {
    case 'published':
      return Object.assign(new SchemaVersionPublished(), { change, cursor });
    case 'rolledBack':
      return Object.assign(new SchemaVersionRolledBack(), { change, cursor });
    case 'deleted':
      return Object.assign(new SchemaVersionDeleted(), { change, cursor });
    case 'deprecated':
      return Object.assign(new SchemaVersionDeprecated(), { change, cursor });
    case 'undeprecated':
      return Object.assign(new SchemaVersionUndeprecated(), { change, cursor });
    case 'removed': {
      const { subject, version: position, semver } = change;
      const id = versionKey(change);
      return Object.assign(new SchemaVersionRemoved(), {
        id,
        subject,
        position,
        semver: formatSemver(semver),
        cursor,
      });
    }
    default:
      return unreachable(change.kind);
  }
}
