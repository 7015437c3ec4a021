import 'reflect-metadata';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Forbidden, InvalidInput, NotFound, UserError } from '@spine/platform/graphql/shared-types';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { RollbackReportType } from './report-types.ts';
import { SchemaVersionType } from './version-types.ts';

/** Which version is to be the latest again. */
@InputType()
export class RollbackSubjectInput {
  @Field(() => String)
  subject!: string;

  @Field(() => String, { description: 'The version that is to be the latest: a position or a semver.' })
  to!: string;

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who answers for a rollback that leaves data unreadable. Counts only with `force`.',
  })
  approver!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Roll back even so. Needs an approver.' })
  force!: boolean | null;
}

/** An older version is the latest again. Repeating the request changes nothing more. */
@ObjectType()
export class SubjectRolledBack {
  @Field(() => SchemaVersionType)
  latest!: SchemaVersionType;

  @Field(() => [SchemaVersionType], {
    description: 'No longer offered; oldest first, empty where nothing was newer.',
  })
  rolledBack!: readonly SchemaVersionType[];

  @Field(() => RollbackReportType)
  report!: RollbackReportType;
}

/** The older schema cannot read what was written since; nothing is done. */
@ObjectType({ implements: UserError })
export class RollbackUnreadable extends UserError {
  @Field(() => RollbackReportType)
  report!: RollbackReportType;
}

/** Which version should no longer be used. */
@InputType()
export class DeprecateVersionInput {
  @Field(() => String)
  subject!: string;

  @Field(() => String, { description: '`latest`, a position or a semver.' })
  version!: string;

  @Field(() => DateTime, { nullable: true, description: 'When it is to be gone.' })
  sunset!: Date | null;

  @Field(() => String, { nullable: true })
  note!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Takes the deprecation back.' })
  withdraw!: boolean | null;
}

/** It is deprecated, or no longer is. */
@ObjectType()
export class VersionDeprecated {
  @Field(() => SchemaVersionType)
  version!: SchemaVersionType;
}

/** Which version is to be deleted. */
@InputType()
export class DeleteVersionInput {
  @Field(() => String)
  subject!: string;

  @Field(() => String, { description: '`latest`, a position or a semver.' })
  version!: string;

  @Field(() => Boolean, { nullable: true, description: 'Removes for good what was deleted before.' })
  permanent!: boolean | null;
}

/** It is no longer offered or, with `permanent`, no longer there. */
@ObjectType()
export class VersionDeleted {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  subject!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => Boolean)
  permanent!: boolean;
}

/** Another version uses it; nothing is done. */
@ObjectType({ implements: UserError })
export class VersionInUse extends UserError {}

/** What became of a wish to roll back. */
export const RollbackSubjectResult = createUnionType({
  name: 'RollbackSubjectResult',
  types: () =>
    [SubjectRolledBack, RollbackUnreadable, VersionInUse, NotFound, InvalidInput, Forbidden] as const,
});

/** What became of a wish to deprecate. */
export const DeprecateVersionResult = createUnionType({
  name: 'DeprecateVersionResult',
  types: () => [VersionDeprecated, NotFound, InvalidInput, Forbidden] as const,
});

/** What became of a wish to delete. */
export const DeleteVersionResult = createUnionType({
  name: 'DeleteVersionResult',
  types: () => [VersionDeleted, VersionInUse, NotFound, InvalidInput, Forbidden] as const,
});
