import 'reflect-metadata';
import type { ClassType } from 'type-graphql';
import { Directive, Field, Float, InterfaceType, ObjectType } from 'type-graphql';
import { Cursor, DateTime } from './scalars.ts';

/** What every item of a stream has. A service's own items extend it and name their interface: `@ObjectType({ implements: streams.interfaces.ViolationStreamItem })`. */
export abstract class StreamItemFields {
  cursor!: string;
}

/** Fields of a StreamHeartbeat. */
export interface HeartbeatFields extends StreamItemFields {
  at: Date;
}

/** Fields of a StreamGap. */
export interface GapFields extends StreamItemFields {
  fromCursor: string;
  missed: number | null;
  reason: string;
}

export interface StreamItemTypes<Name extends string> {
  /** The interface of each stream: what the subscription returns and the service's own items implement. */
  readonly interfaces: Readonly<Record<Name, StreamItemInterface>>;
  readonly StreamHeartbeat: ClassType<HeartbeatFields>;
  readonly StreamGap: ClassType<GapFields>;
  readonly SnapshotComplete: ClassType<StreamItemFields>;
}

/** A class decorated as interface: usable in `implements` and as a return type. */
export type StreamItemInterface = abstract new () => StreamItemFields;

/**
 * The stream types of one subgraph: an interface with `cursor` for each name, and the shared items StreamHeartbeat,
 * StreamGap and SnapshotComplete that implement them all. Call it once a subgraph with all its streams: an object type
 * exists once in a schema. In the supergraph these items implement the interfaces of every subgraph, which federation
 * allows (composition takes the union), so they are `@shareable` and defined here only.
 */
export function streamItemTypes<Name extends string>(...names: readonly Name[]): StreamItemTypes<Name> {
  const entries = names.map((name): [string, StreamItemInterface] => [name, interfaceOf(name)]);
  const all = entries.map(([, made]) => made);

  @Directive('@shareable')
  @ObjectType({ implements: all, description: 'Nothing happened; reading may go on from the cursor.' })
  class StreamHeartbeat extends StreamItemFields {
    @Field(() => DateTime)
    at!: Date;
  }

  @Directive('@shareable')
  @ObjectType({ implements: all, description: 'Events between two cursors were, or may have been, missed.' })
  class StreamGap extends StreamItemFields {
    @Field(() => Cursor)
    fromCursor!: string;

    @Field(() => Float, {
      nullable: true,
      description: 'How many events, before any filter; null if unknown.',
    })
    missed!: number | null;

    @Field(() => String)
    reason!: string;
  }

  @Directive('@shareable')
  @ObjectType({ implements: all, description: 'What was open is told; from here on come events.' })
  class SnapshotComplete extends StreamItemFields {}

  return { interfaces: byName(entries), StreamHeartbeat, StreamGap, SnapshotComplete };
}

function interfaceOf(name: string): StreamItemInterface {
  @InterfaceType(name, { description: 'An item of a stream; `cursor` is where to go on after it.' })
  abstract class StreamItem extends StreamItemFields {
    @Field(() => Cursor)
    override cursor!: string;
  }
  return StreamItem;
}

// The names are those that the entries were made of.
function byName<Name extends string>(
  entries: readonly [string, StreamItemInterface][],
): Readonly<Record<Name, StreamItemInterface>> {
  return Object.fromEntries(entries) as Record<Name, StreamItemInterface>;
}
