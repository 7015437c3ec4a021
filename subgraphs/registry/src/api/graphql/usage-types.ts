import 'reflect-metadata';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import type { UsageRole } from '../../domain/usage.ts';
import { UsageRoleEnum } from './enums.ts';

/** Somebody who writes or reads a subject's data. */
@ObjectType('SubjectUsage', {
  description: 'A producer or consumer of a subject, and the version that it uses.',
})
export class UsageType {
  @Field(() => UsageRoleEnum)
  role!: UsageRole;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'Position of the version.' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'Whom to ask, if it was told.' })
  contact!: string | null;

  @Field(() => DateTime)
  registeredAt!: Date;

  @Field(() => String)
  registeredBy!: string;
}

/** Somebody who would break. */
@ObjectType('AffectedUsage', { description: 'A producer or consumer that would break.' })
export class AffectedUsageType {
  @Field(() => UsageRoleEnum)
  role!: UsageRole;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'Position of the version that it uses.' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'Whom to ask, if it was told.' })
  contact!: string | null;

  @Field(() => String, { description: 'The first breach in words.' })
  why!: string;
}

/** One who uses the subject, held against a version. */
@ObjectType('DeploymentMember', { description: 'A producer or consumer, held against a version.' })
export class DeploymentMemberType {
  @Field(() => UsageRoleEnum)
  role!: UsageRole;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'Position of the version that it uses.' })
  version!: number;

  @Field(() => String, { nullable: true, description: 'Whom to ask, if it was told.' })
  contact!: string | null;

  @Field(() => Boolean, {
    description: "Its schema reads the version's data, or the version reads what it writes.",
  })
  validated!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The first breach in words; null for a validated one.',
  })
  why!: string | null;
}

/** Whether a version may be counted on. */
@ObjectType('Deployment', { description: 'A version held against all who use its subject.' })
export class DeploymentType {
  @Field(() => Boolean, {
    description: 'Every registered producer and consumer is validated, and there is one.',
  })
  deployed!: boolean;

  @Field(() => [DeploymentMemberType])
  members!: readonly DeploymentMemberType[];
}
