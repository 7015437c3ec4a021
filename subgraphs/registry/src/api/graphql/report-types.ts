import 'reflect-metadata';
import { JSONValue } from '@spine/platform/graphql/scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import type { CheckReport, Direction, ReportedIncompatibility } from '../../domain/check-report.ts';
import type { RollbackReport } from '../../domain/check-rollback.ts';
import type { Axis, Policy, Profile } from '../../domain/check-rules.ts';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import type { IncompatibilityKind } from '../../domain/incompatibility.ts';
import type { Bump } from '../../domain/semver.ts';
import {
  BumpEnum,
  CheckProfileEnum,
  CompatibilityAxisEnum,
  CompatibilityLevelEnum,
  DirectionEnum,
  IncompatibilityKindEnum,
  OpenContentPolicyEnum,
} from './enums.ts';
import { AffectedUsageType } from './usage-types.ts';

/** A datum that shows a breach. */
@ObjectType('Witness', {
  description: 'A datum that the writer can write, and what becomes of it at the reader.',
})
export class WitnessType {
  @Field(() => JSONValue, { nullable: true, description: 'In the JSON form of its format.' })
  datum!: unknown;

  @Field(() => String)
  why!: string;
}

/** One breach against versions of the line. */
@ObjectType('Incompatibility', { description: 'A breach against published versions of the line.' })
export class IncompatibilityType {
  @Field(() => DirectionEnum)
  direction!: Direction;

  @Field(() => IncompatibilityKindEnum)
  kind!: IncompatibilityKind;

  @Field(() => String, {
    description: 'JSON pointer into the reader: the new schema if BACKWARD, the old one if FORWARD.',
  })
  path!: string;

  @Field(() => String)
  message!: string;

  @Field(() => CompatibilityAxisEnum, {
    nullable: true,
    description: 'Of a Protobuf breach under STRICT: the mildest thing that breaks.',
  })
  axis!: Axis | null;

  @Field(() => WitnessType, { nullable: true, description: 'Where a datum can be built that shows it.' })
  witness!: WitnessType | null;

  @Field(() => [Int], { description: 'The versions that it is a breach against.' })
  versions!: readonly number[];
}

/** What a check found; the stored one is what was found when the version was published. */
@ObjectType('CompatibilityReport', { description: 'What a check against the versions of the line found.' })
export class CompatibilityReportType {
  @Field(() => CompatibilityLevelEnum)
  level!: CompatibilityLevel;

  @Field(() => CheckProfileEnum, { description: 'Whose word counted.' })
  profile!: Profile;

  @Field(() => [CompatibilityAxisEnum], { description: 'What counted as a breach of Protobuf.' })
  axes!: readonly Axis[];

  @Field(() => OpenContentPolicyEnum, { description: 'How JSON Schemas were held.' })
  policy!: Policy;

  @Field(() => Boolean, { description: 'Whether the level is kept.' })
  compatible!: boolean;

  @Field(() => Boolean, { description: 'Whether it reads the data of every version of the line.' })
  backward!: boolean;

  @Field(() => Boolean, { description: 'Whether every version of the line reads its data.' })
  forward!: boolean;

  @Field(() => BumpEnum, { description: 'The least bump that is honest.' })
  bump!: Bump;

  @Field(() => [IncompatibilityType])
  incompatibilities!: readonly IncompatibilityType[];

  @Field(() => [AffectedUsageType], {
    description: 'The registered producers and consumers that would break.',
  })
  affected!: readonly AffectedUsageType[];
}

/** Whether an older schema reads what was written since. */
@ObjectType('RollbackReport', { description: 'Whether the older schema reads what was written since.' })
export class RollbackReportType {
  @Field(() => Boolean)
  compatible!: boolean;

  @Field(() => [IncompatibilityType])
  incompatibilities!: readonly IncompatibilityType[];

  @Field(() => [AffectedUsageType], {
    description: 'Who uses a version that goes, and cannot go on with the older one.',
  })
  affected!: readonly AffectedUsageType[];
}

/** A report of a check as the graph shows it. */
export function toReportType(report: CheckReport): CompatibilityReportType {
  return Object.assign(new CompatibilityReportType(), {
    ...report,
    incompatibilities: report.incompatibilities.map(toIncompatibilityType),
  });
}

/** A report of a rollback as the graph shows it. */
export function toRollbackReportType(report: RollbackReport): RollbackReportType {
  return Object.assign(new RollbackReportType(), {
    ...report,
    incompatibilities: report.incompatibilities.map(toIncompatibilityType),
  });
}

function toIncompatibilityType(breach: ReportedIncompatibility): IncompatibilityType {
  const { axis = null, witness = null } = breach;
  return Object.assign(new IncompatibilityType(), { ...breach, axis, witness });
}
