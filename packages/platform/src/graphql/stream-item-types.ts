import { type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql';
import type { StreamItem } from '../stream/stream-item.ts';
import { Cursor, DateTime } from './scalars.ts';

/**
 * The shared items of every stream of one subgraph, as classes that implement the subgraph's own stream interfaces: a
 * shareable type may implement other interfaces in each subgraph, and composition joins them. Call it once per subgraph.
 */
export function streamItemTypes(interfaces: ClassType[]) {
  @ObjectType('SnapshotComplete', { implements: interfaces })
  @Directive('@shareable')
  class SnapshotComplete {
    @Field(() => Cursor)
    cursor!: string;
  }

  @ObjectType('StreamHeartbeat', { implements: interfaces })
  @Directive('@shareable')
  class StreamHeartbeat {
    @Field(() => Cursor)
    cursor!: string;

    @Field(() => DateTime)
    at!: Date;
  }

  @ObjectType('StreamGap', { implements: interfaces })
  @Directive('@shareable')
  class StreamGap {
    @Field(() => Cursor)
    cursor!: string;

    @Field(() => Cursor)
    fromCursor!: string;

    /** Events before any filter; null when that cannot be known. */
    @Field(() => Int, { nullable: true })
    missed!: number | null;

    /** RETENTION, RESET or SNAPSHOT_UNFINISHED. */
    @Field(() => String)
    reason!: string;
  }

  return { SnapshotComplete, StreamHeartbeat, StreamGap };
}

/** A stream item as an instance of its GraphQL class; `toEvent` makes one of a value (an event, or an item of the snapshot). */
export function toGraphItem<T>(
  item: StreamItem<T>,
  types: ReturnType<typeof streamItemTypes>,
  toEvent: (value: T, cursor: string) => object,
): object {
  switch (item.kind) {
    case 'event':
    case 'snapshot':
      return toEvent(item.value, item.cursor);
    case 'snapshot-complete':
      return Object.assign(new types.SnapshotComplete(), { cursor: item.cursor });
    case 'heartbeat':
      return Object.assign(new types.StreamHeartbeat(), { cursor: item.cursor, at: item.at });
    case 'gap':
      return Object.assign(new types.StreamGap(), {
        cursor: item.cursor,
        fromCursor: item.fromCursor,
        missed: item.missed,
        reason: item.reason.toUpperCase(),
      });
  }
}
