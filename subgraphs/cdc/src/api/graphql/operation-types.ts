import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Forbidden, InvalidInput, NotFound } from '@spine/platform/graphql/shared-types';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { OperationKind } from '../../domain/route-operation.ts';
import { RouteType } from './route-types.ts';

/** GraphQL names of what people do to a route. */
export const RouteOperationKindEnum = {
  PAUSE: 'pause',
  RESUME: 'resume',
  RESNAPSHOT: 'resnapshot',
  REPLAY: 'replay',
  DISCARD: 'discard',
} as const satisfies Record<string, OperationKind>;
registerEnumType(RouteOperationKindEnum, { name: 'RouteOperationKind' });

@InputType()
export class OperateRouteInput {
  @Field(() => String, { description: 'The same key again gets the same answer.' })
  idempotencyKey!: string;

  @Field(() => ID)
  route!: string;

  @Field(() => String, { nullable: true, description: 'Why; shown beside the state, and kept.' })
  reason!: string | null;
}

@InputType()
export class ResnapshotTablesInput extends OperateRouteInput {
  @Field(() => [String], { nullable: true, description: '`schema.table`; all of the route by default.' })
  tables!: string[] | null;
}

@ObjectType({ description: 'It is recorded; the worker follows within a second.' })
export class RouteOperated {
  @Field(() => RouteType)
  route!: RouteType;
}

export const OperateRouteResult = createUnionType({
  name: 'OperateRouteResult',
  types: () => [RouteOperated, NotFound, InvalidInput, Forbidden] as const,
});

@ObjectType({ description: 'What somebody did to a route.' })
export class RouteOperationType {
  @Field(() => ID)
  id!: string;

  @Field(() => RouteOperationKindEnum)
  kind!: OperationKind;

  @Field(() => [String], { description: 'The tables asked for; none means all.' })
  tables!: readonly string[];

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => String)
  by!: string;

  @Field(() => DateTime)
  at!: Date;
}

/** `Route.operations(first, after)`, newest first. */
export const RouteOperationConnection = connectionType(RouteOperationType, 'RouteOperation');
