import 'reflect-metadata';
import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Sensitive } from '@spine/platform/graphql/sensitive';
import { PageInfo } from '@spine/platform/graphql/shared-types';
import { type StreamItemFields, streamItemTypes } from '@spine/platform/graphql/stream-item-types';
import { Directive, Field, Float, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Severity, ViolationStatus } from '../../domain/violation.ts';
import { DatasetType, RouteType } from './stub-types.ts';

const ViolationStatusEnum = {
  OPEN: 'OPEN',
  ACKNOWLEDGED: 'ACKNOWLEDGED',
  RESOLVED: 'RESOLVED',
} as const satisfies Record<ViolationStatus, ViolationStatus>;
registerEnumType(ViolationStatusEnum, { name: 'ViolationStatus', description: 'Where a violation stands.' });

const SeverityEnum = {
  CRITICAL: 'CRITICAL',
  ERROR: 'ERROR',
  WARNING: 'WARNING',
  INFO: 'INFO',
} as const satisfies Record<Severity, Severity>;
registerEnumType(SeverityEnum, { name: 'Severity', description: 'How bad: by data class and tags.' });

@ObjectType('Violation', {
  description: 'A breach of policy: one route, sink, rule, class and table, from the first denial on.',
})
@Directive('@key(fields: "id")')
@Sensitive()
export class ViolationType {
  @Field(() => ID)
  id!: string;

  @Field(() => SeverityEnum)
  severity!: Severity;

  @Field(() => ViolationStatusEnum)
  status!: ViolationStatus;

  @Field(() => String)
  reason!: string;

  @Field(() => [String])
  ruleIds!: readonly string[];

  @Field(() => String)
  dataClass!: string;

  @Field(() => [String])
  tags!: readonly string[];

  @Field(() => RouteType, { nullable: true })
  route!: RouteType | null;

  @Field(() => String)
  routeName!: string;

  @Field(() => String)
  source!: string;

  @Field(() => String)
  sink!: string;

  @Field(() => String, { nullable: true })
  sourceRegion!: string | null;

  @Field(() => String, { nullable: true })
  sinkRegion!: string | null;

  @Field(() => DatasetType, { nullable: true })
  dataset!: DatasetType | null;

  @Field(() => String, { description: 'Source, schema and table as spine.yaml names them.' })
  logicalName!: string;

  @Field(() => Float, { description: 'Denied decisions so far.' })
  occurrences!: number;

  @Field(() => Float)
  rowsWithheld!: number;

  @Field(() => DateTime)
  openedAt!: Date;

  @Field(() => DateTime)
  lastSeenAt!: Date;

  @Field(() => DateTime, { nullable: true })
  acknowledgedAt!: Date | null;

  @Field(() => String, { nullable: true })
  acknowledgedBy!: string | null;

  @Field(() => String, { nullable: true })
  comment!: string | null;

  @Field(() => DateTime, { nullable: true })
  resolvedAt!: Date | null;

  /** For the resolvers of the two decisions, not fields. */
  firstDecisionId!: string;
  lastDecisionId!: string;
}

/** `openViolations(first, after)`. */
export const ViolationConnection = connectionType(ViolationType, 'Violation');

/** The stream items of this subgraph: both interfaces, and the shared items that implement them. */
export const streamTypes = streamItemTypes('ViolationStreamItem', 'DecisionStreamItem');
export const ViolationStreamItem = streamTypes.interfaces.ViolationStreamItem;
export const DecisionStreamItem = streamTypes.interfaces.DecisionStreamItem;

@ObjectType({
  implements: ViolationStreamItem,
  description: 'A violation opened, or stood open when the stream began.',
})
export class ViolationRaised extends ViolationStreamItem {
  @Field(() => ViolationType)
  violation!: ViolationType;
}

@ObjectType({
  implements: ViolationStreamItem,
  description: 'A violation was counted up, acknowledged or resolved.',
})
export class ViolationUpdated extends ViolationStreamItem {
  @Field(() => ViolationType)
  violation!: ViolationType;
}

@ObjectType({ implements: DecisionStreamItem, description: 'A decision was recorded in the ledger.' })
export class DecisionRecorded extends DecisionStreamItem {
  /** For the resolver of `decision`, not a field. */
  decisionId!: string;
}

@ObjectType({ description: 'A page of the durable stream of violations, oldest first.' })
export class ViolationEventPage {
  @Field(() => [ViolationStreamItem])
  nodes!: readonly StreamItemFields[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}
