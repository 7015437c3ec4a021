import 'reflect-metadata';
import { Forbidden, InvalidInput, NotFound } from '@spine/platform/graphql/shared-types';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import type { Axis, Policy, Profile } from '../../domain/check-rules.ts';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import type { Severity } from '../../domain/lint/lint-finding.ts';
import type { UsageRole } from '../../domain/usage.ts';
import {
  CheckProfileEnum,
  CompatibilityAxisEnum,
  CompatibilityLevelEnum,
  LintSeverityEnum,
  OpenContentPolicyEnum,
  UsageRoleEnum,
} from './enums.ts';
import { SubjectType } from './subject-types.ts';
import { UsageType } from './usage-types.ts';

/** The severity of a rule. */
@InputType()
export class LintSettingInput {
  @Field(() => String)
  rule!: string;

  @Field(() => LintSeverityEnum)
  severity!: Severity;
}

/** What a subject is to say of itself; what is left out stays. */
@InputType()
export class UpdateSubjectSettingsInput {
  @Field(() => String)
  subject!: string;

  @Field(() => CompatibilityLevelEnum, {
    nullable: true,
    description: 'Null, given as such: inherited again.',
  })
  level?: CompatibilityLevel | null;

  @Field(() => CheckProfileEnum, { nullable: true })
  profile!: Profile | null;

  @Field(() => [CompatibilityAxisEnum], { nullable: true })
  axes!: readonly Axis[] | null;

  @Field(() => OpenContentPolicyEnum, { nullable: true })
  policy!: Policy | null;

  @Field(() => [LintSettingInput], { nullable: true, description: 'All of them, in place of those before.' })
  lint!: readonly LintSettingInput[] | null;

  @Field(() => String, { nullable: true })
  owner!: string | null;
}

/** The settings are as they were asked to be. */
@ObjectType()
export class SubjectSettingsUpdated {
  @Field(() => SubjectType)
  subject!: SubjectType;
}

/** Who uses which version of a subject. */
@InputType()
export class RegisterUsageInput {
  @Field(() => String)
  subject!: string;

  @Field(() => UsageRoleEnum)
  role!: UsageRole;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: '`latest` as it is now, a position or a semver.' })
  version!: string;

  @Field(() => String, { nullable: true, description: 'Whom to ask.' })
  contact!: string | null;
}

/** It is registered; the last word holds. */
@ObjectType()
export class UsageRegistered {
  @Field(() => UsageType)
  usage!: UsageType;
}

/** Who no longer uses a subject. */
@InputType()
export class RemoveUsageInput {
  @Field(() => String)
  subject!: string;

  @Field(() => UsageRoleEnum)
  role!: UsageRole;

  @Field(() => String)
  name!: string;
}

/** It is no longer registered. */
@ObjectType()
export class UsageRemoved {
  @Field(() => String)
  subject!: string;

  @Field(() => UsageRoleEnum)
  role!: UsageRole;

  @Field(() => String)
  name!: string;
}

/** What became of a wish to change settings. */
export const UpdateSubjectSettingsResult = createUnionType({
  name: 'UpdateSubjectSettingsResult',
  types: () => [SubjectSettingsUpdated, NotFound, InvalidInput, Forbidden] as const,
});

/** What became of a wish to register. */
export const RegisterUsageResult = createUnionType({
  name: 'RegisterUsageResult',
  types: () => [UsageRegistered, NotFound, InvalidInput, Forbidden] as const,
});

/** What became of a wish to be forgotten. */
export const RemoveUsageResult = createUnionType({
  name: 'RemoveUsageResult',
  types: () => [UsageRemoved, NotFound, InvalidInput, Forbidden] as const,
});
