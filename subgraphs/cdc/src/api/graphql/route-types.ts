import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Directive, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { RouteState, TableState } from '../../domain/route-state.ts';

/** GraphQL names of the route states: upper case. */
export const RouteStateEnum = {
  STARTING: 'starting',
  SNAPSHOTTING: 'snapshotting',
  STREAMING: 'streaming',
  HELD: 'held',
  SOURCE_DOWN: 'source_down',
  SINK_DOWN: 'sink_down',
  DENIED: 'denied',
  RESNAPSHOT_REQUIRED: 'resnapshot_required',
  PAUSED: 'paused',
  STOPPED: 'stopped',
  FAILED: 'failed',
} as const satisfies Record<string, RouteState>;
registerEnumType(RouteStateEnum, {
  name: 'RouteState',
  description:
    'Where a route stands. HELD waits for an answer of policy or ledger, the two _DOWN for the world, RESNAPSHOT_REQUIRED for a new copy of its tables, PAUSED for resumeRoute.',
});

/** GraphQL names of the table states. */
export const TableStateEnum = {
  PENDING: 'pending',
  SNAPSHOTTING: 'snapshotting',
  STREAMING: 'streaming',
  DENIED: 'denied',
  CUT_OFF: 'cut_off',
  STOPPED: 'stopped',
  DIVERGED: 'diverged',
} as const satisfies Record<string, TableState>;
registerEnumType(TableStateEnum, {
  name: 'RouteTableState',
  description: 'Where one table of a route stands. CUT_OFF and STOPPED wait for spine apply.',
});

@ObjectType({ description: 'A source or sink of a route.' })
export class RouteEndpoint {
  @Field(() => ID)
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Region as registered; null when it is no longer registered.',
  })
  region!: string | null;

  @Field(() => String, { nullable: true })
  namespace!: string | null;

  @Field(() => String, { nullable: true })
  owner!: string | null;
}

@ObjectType({ description: 'How far the sink is behind the source.' })
export class RouteLag {
  @Field(() => Float, { description: 'Now; 0 when everything committed has been delivered.' })
  seconds!: number;

  @Field(() => Float, {
    description: 'Commit at the source to commit at the sink, median of the last 5 minutes.',
  })
  p50Seconds!: number;

  @Field(() => Float)
  p95Seconds!: number;

  @Field(() => Float)
  p99Seconds!: number;

  @Field(() => Float, { description: 'WAL between what is delivered and the end of the source, in bytes.' })
  bytes!: number;
}

@ObjectType({ description: 'The last position durably delivered.' })
export class RouteCheckpoint {
  @Field(() => String, { description: 'LSN as text, X/Y in hex.' })
  position!: string;

  @Field(() => DateTime)
  at!: Date;
}

@ObjectType({ description: 'Changes set aside with their reason.' })
export class DeadLetterCounts {
  @Field(() => Int)
  open!: number;

  @Field(() => Int, { description: 'Waiting behind an open one of the same key.' })
  parked!: number;
}

@ObjectType({ description: 'One table of a route.' })
export class RouteTableType {
  @Field(() => String)
  schema!: string;

  @Field(() => String)
  table!: string;

  @Field(() => TableStateEnum)
  state!: TableState;

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => Int, { nullable: true })
  contractVersion!: number | null;

  @Field(() => Float, { description: 'Rows of the first copy so far.' })
  rowsCopied!: number;

  @Field(() => Float, { nullable: true })
  rowsEstimated!: number | null;
}

@ObjectType('Route', { description: 'Source tables, contract, gate, sink.' })
@Directive('@key(fields: "name")')
export class RouteType {
  @Field(() => ID)
  name!: string;

  @Field(() => String)
  owner!: string;

  @Field(() => RouteStateEnum)
  state!: RouteState;

  @Field(() => String, {
    nullable: true,
    description: 'Why it stands there, with the fix where there is one.',
  })
  stateReason!: string | null;

  @Field(() => RouteEndpoint)
  source!: RouteEndpoint;

  @Field(() => RouteEndpoint)
  sink!: RouteEndpoint;

  @Field(() => RouteLag, { nullable: true })
  lag!: RouteLag | null;

  @Field(() => RouteCheckpoint, { nullable: true })
  checkpoint!: RouteCheckpoint | null;

  @Field(() => Float)
  rowsApplied!: number;

  @Field(() => String, { nullable: true })
  worker!: string | null;
}

@ObjectType('Dataset', { description: 'Named data; owned by lineage, extended here with its routes.' })
@Directive('@key(fields: "namespace name")')
export class DatasetType {
  @Field(() => String)
  namespace!: string;

  @Field(() => String)
  name!: string;
}

/** `routes(first, after)`. */
export const RouteConnection = connectionType(RouteType, 'Route');
