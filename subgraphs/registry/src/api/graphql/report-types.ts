import 'reflect-metadata';
import { Field, Int, ObjectType } from 'type-graphql';
import type { Direction } from '../../domain/check-report.ts';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import type { IncompatibilityKind } from '../../domain/incompatibility.ts';
import type { Bump } from '../../domain/semver.ts';
import { BumpEnum, CompatibilityLevelEnum, DirectionEnum, IncompatibilityKindEnum } from './enums.ts';

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

  @Field(() => [Int], { description: 'The versions that it is a breach against.' })
  versions!: readonly number[];
}

/** What a check found; the stored one is what was found when the version was published. */
@ObjectType('CompatibilityReport', { description: 'What a check against the versions of the line found.' })
export class CompatibilityReportType {
  @Field(() => CompatibilityLevelEnum)
  level!: CompatibilityLevel;

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
}
