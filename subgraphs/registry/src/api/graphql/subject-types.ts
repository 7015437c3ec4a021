import 'reflect-metadata';
import { connectionType } from '@spine/platform/graphql/connection';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import type { Axis, Policy, Profile } from '../../domain/check-rules.ts';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import type { Severity } from '../../domain/lint/lint-finding.ts';
import type { Subject } from '../../domain/subject.ts';
import {
  CheckProfileEnum,
  CompatibilityAxisEnum,
  CompatibilityLevelEnum,
  LintSeverityEnum,
  OpenContentPolicyEnum,
} from './enums.ts';

/** A dataset as far as the registry knows it: by its name. */
@ObjectType('Dataset')
@Directive('@key(fields: "namespace name")')
export class DatasetType {
  @Field(() => String)
  namespace!: string;

  @Field(() => String)
  name!: string;
}

/** The severity that a subject gives a rule. */
@ObjectType('LintSetting', { description: 'The severity that a subject gives a rule of lint.' })
export class LintSettingType {
  @Field(() => String)
  rule!: string;

  @Field(() => LintSeverityEnum)
  severity!: Severity;
}

/** What a subject says of itself. */
@ObjectType('SubjectSettings', {
  description: 'What a subject says of itself; where it is silent, what it inherits holds.',
})
export class SubjectSettingsType {
  @Field(() => CompatibilityLevelEnum, { nullable: true, description: 'Null: the level is inherited.' })
  level!: CompatibilityLevel | null;

  @Field(() => CheckProfileEnum)
  profile!: Profile;

  @Field(() => [CompatibilityAxisEnum])
  axes!: readonly Axis[];

  @Field(() => OpenContentPolicyEnum)
  policy!: Policy;

  @Field(() => [LintSettingType], { description: 'A rule that is not named keeps its own severity.' })
  lint!: readonly LintSettingType[];
}

/** A named line of schemas. */
@ObjectType('Subject', { description: 'A named line of schemas.' })
@Directive('@key(fields: "name")')
export class SubjectType {
  /** What the fields are resolved from; not part of the graph. */
  source!: Subject;

  @Field(() => ID)
  name!: string;

  /** Resolved from what is set around the subject. */
  @Field(() => CompatibilityLevelEnum, { description: 'The level that holds, its own or an inherited one.' })
  level!: CompatibilityLevel;

  @Field(() => CheckProfileEnum)
  profile!: Profile;

  @Field(() => String)
  owner!: string;

  @Field(() => SubjectSettingsType)
  settings!: SubjectSettingsType;
}

/** A page of subjects. */
export const SubjectConnection = connectionType(SubjectType, 'Subject');

/** A subject as the graph shows it. */
export function toSubjectType(source: Subject): SubjectType {
  const { name, profile, owner } = source;
  return Object.assign(new SubjectType(), {
    source,
    name,
    profile,
    owner,
    settings: toSettingsType(source),
  });
}

function toSettingsType({ ownLevel, profile, axes, policy, lint }: Subject): SubjectSettingsType {
  return Object.assign(new SubjectSettingsType(), {
    level: ownLevel,
    profile,
    axes: [...axes],
    policy,
    lint: Object.entries(lint).map(([rule, severity]) =>
      Object.assign(new LintSettingType(), { rule, severity }),
    ),
  });
}
