import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Forbidden, InvalidInput, NotFound } from '@spine/platform/graphql/shared-types';
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { DeadLetterState, Resolution } from '../../domain/dead-letter.ts';
import { OperateRouteInput } from './operation-types.ts';

/** GraphQL names of where a dead letter stands, and how it came to its end. */
export const DeadLetterStateEnum = {
  FAILED: 'failed',
  PARKED_BEHIND: 'parked_behind',
  RESOLVED: 'resolved',
} as const satisfies Record<string, DeadLetterState>;
registerEnumType(DeadLetterStateEnum, { name: 'DeadLetterState' });

export const DeadLetterResolutionEnum = {
  REPLAYED: 'replayed',
  SUPERSEDED: 'superseded',
  DISCARDED: 'discarded',
} as const satisfies Record<string, Resolution>;
registerEnumType(DeadLetterResolutionEnum, { name: 'DeadLetterResolution' });

@ObjectType('DeadLetter', {
  description: 'A change that was set aside: where it stands and why, never its row.',
})
export class DeadLetterType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  schema!: string;

  @Field(() => String)
  table!: string;

  @Field(() => DeadLetterStateEnum)
  state!: DeadLetterState;

  @Field(() => String)
  reason!: string;

  @Field(() => String, { description: 'LSN of its commit at the source.' })
  commitLsn!: string;

  @Field(() => Int, { description: "Its number among the table's changes of that commit, from 0." })
  ordinal!: number;

  @Field(() => DateTime)
  parkedAt!: Date;

  @Field(() => DeadLetterResolutionEnum, { nullable: true })
  resolution!: Resolution | null;

  @Field(() => DateTime, { nullable: true })
  resolvedAt!: Date | null;

  @Field(() => String, { nullable: true })
  resolvedBy!: string | null;

  @Field(() => String, { nullable: true })
  resolvedReason!: string | null;
}

/** `Route.deadLetterEntries(first, after, state)`, in the order in which they were set aside. */
export const DeadLetterConnection = connectionType(DeadLetterType, 'DeadLetter');

@ObjectType({ description: 'How a replay went, in dead letters of one table.' })
export class ReplayedTableType {
  @Field(() => String, { description: '`schema.table`' })
  table!: string;

  @Field(() => Int)
  delivered!: number;

  @Field(() => Int, { description: 'They stay, in order.' })
  refused!: number;

  @Field(() => [String])
  reasons!: readonly string[];
}

@ObjectType('DeadLetterReplay', { description: 'Dead letters delivered again, or a dry run of it.' })
export class DeadLetterReplayType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  route!: string;

  @Field(() => Boolean)
  dryRun!: boolean;

  @Field(() => String)
  by!: string;

  @Field(() => DateTime)
  askedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "Null while the route's worker is not done." })
  finishedAt!: Date | null;

  @Field(() => [ReplayedTableType])
  tables!: readonly ReplayedTableType[];
}

@InputType()
export class ReplayDeadLettersInput {
  @Field(() => String, { description: 'The same key again gets the same answer.' })
  idempotencyKey!: string;

  @Field(() => ID)
  route!: string;

  @Field(() => [String], { nullable: true, description: '`schema.table`; all of the route by default.' })
  tables!: string[] | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Tells what would happen, and takes it back.' })
  dryRun!: boolean;
}

@InputType()
export class DiscardDeadLettersInput extends OperateRouteInput {
  @Field(() => [String], { nullable: true, description: '`schema.table`; all of the route by default.' })
  tables!: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Only these dead letters.' })
  ids!: string[] | null;
}

@ObjectType({ description: "It is recorded; the route's worker begins within seconds, once the route runs." })
export class ReplayRequested {
  @Field(() => DeadLetterReplayType)
  replay!: DeadLetterReplayType;
}

export const ReplayDeadLettersResult = createUnionType({
  name: 'ReplayDeadLettersResult',
  types: () => [ReplayRequested, NotFound, InvalidInput, Forbidden] as const,
});
