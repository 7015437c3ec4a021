import 'reflect-metadata';
import { JSONValue } from '@spine/platform/graphql/scalars';
import { Forbidden, InvalidInput, UserError } from '@spine/platform/graphql/shared-types';
import { createUnionType, Field, InputType, Int, ObjectType } from 'type-graphql';
import type { Profile } from '../../domain/check-rules.ts';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import type { SchemaType } from '../../domain/schema-type.ts';
import type { Bump } from '../../domain/semver.ts';
import { BumpEnum, CheckProfileEnum, CompatibilityLevelEnum, SchemaTypeEnum } from './enums.ts';
import { CompatibilityReportType } from './report-types.ts';
import { InventoryDemand, LintFindingType } from './review-types.ts';
import { SchemaVersionType } from './version-types.ts';

/** Labels of one field. */
@InputType()
export class FieldTagsInput {
  @Field(() => String, { description: 'Such as `email`, `address.city`.' })
  path!: string;

  @Field(() => [String])
  tags!: readonly string[];
}

/** What a schema uses. */
@InputType()
export class SchemaReferenceInput {
  @Field(() => String, { description: 'As the schema calls it: a full name, an import path, a URI.' })
  name!: string;

  @Field(() => String)
  subject!: string;

  @Field(() => Int, { description: 'Position of the version.' })
  version!: number;
}

/** A schema that is to be checked. */
@InputType()
export class CheckSchemaInput {
  @Field(() => String)
  subject!: string;

  @Field(() => String, { description: 'The text of the schema.' })
  schema!: string;

  // No default value: graphql-jit does not fill in the members of an input object that came in a variable.
  @Field(() => SchemaTypeEnum, { nullable: true, description: 'AVRO by default.' })
  schemaType!: SchemaType | null;

  @Field(() => String, {
    nullable: true,
    description: 'major.minor.patch; by default what the change demands.',
  })
  requestedVersion!: string | null;

  @Field(() => CompatibilityLevelEnum, {
    nullable: true,
    description: 'For a new subject. Changing that of an existing one needs the role steward.',
  })
  level!: CompatibilityLevel | null;

  @Field(() => CheckProfileEnum, {
    nullable: true,
    description: 'Of a publish: for a new subject; changing that of an existing one needs the role steward.',
  })
  profile!: Profile | null;

  @Field(() => [SchemaReferenceInput], { nullable: true, description: 'What the schema uses directly.' })
  references!: readonly SchemaReferenceInput[] | null;

  @Field(() => [FieldTagsInput], {
    nullable: true,
    description: 'All labels of the version. Left out, the fields keep those that they have.',
  })
  tags!: readonly FieldTagsInput[] | null;

  @Field(() => String, { nullable: true, description: 'public, internal, confidential or restricted.' })
  dataClass!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How long the data may be kept, an ISO 8601 duration.',
  })
  retention!: string | null;

  @Field(() => JSONValue, {
    nullable: true,
    description: 'Free facts for people and their tools, an object of names and texts.',
  })
  metadata!: unknown;
}

/** A schema that is to be published. */
@InputType()
export class PublishSchemaInput extends CheckSchemaInput {
  @Field(() => String, { description: 'Repeating a request with its key repeats its answer.' })
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: 'Who answers for the subject from now on.' })
  owner!: string | null;
}

/** It is published, now or before. */
@ObjectType()
export class SchemaPublished {
  @Field(() => SchemaVersionType)
  version!: SchemaVersionType;

  @Field(() => Boolean, { description: 'False if the version was there already.' })
  created!: boolean;

  @Field(() => [LintFindingType], { description: 'What lint has to say; none of it is an error.' })
  findings!: readonly LintFindingType[];
}

/** It breaks what the subject promises; nothing is stored. */
@ObjectType({ implements: UserError })
export class IncompatibleSchema extends UserError {
  @Field(() => String, { description: 'The version to ask for to open a new line with it.' })
  required!: string;

  @Field(() => CompatibilityReportType)
  report!: CompatibilityReportType;
}

/** The requested version says less than the change does; nothing is stored. */
@ObjectType({ implements: UserError })
export class VersionUnderstated extends UserError {
  @Field(() => String, { description: 'The least version that will do.' })
  required!: string;

  @Field(() => CompatibilityReportType)
  report!: CompatibilityReportType;
}

/** A rule of lint that is an error found something; nothing is stored. */
@ObjectType({ implements: UserError })
export class LintRejected extends UserError {
  @Field(() => [LintFindingType])
  findings!: readonly LintFindingType[];
}

/** The inventory demands what the version does not say; nothing is stored. */
@ObjectType({ implements: UserError })
export class InventoryDemands extends UserError {
  @Field(() => [InventoryDemand])
  missing!: readonly InventoryDemand[];
}

/** The text is no schema of its type. */
@ObjectType({ implements: UserError })
export class InvalidSchema extends UserError {
  @Field(() => String, { nullable: true, description: 'JSON pointer into the schema, where there is one.' })
  pointer!: string | null;
}

/** What publishing would do. */
@ObjectType()
export class SchemaCheck {
  @Field(() => Boolean)
  publishable!: boolean;

  @Field(() => String, { nullable: true, description: 'The problem code that publishing would answer with.' })
  refusal!: string | null;

  @Field(() => String, { description: 'The version it would get, or the least one that would do.' })
  semver!: string;

  @Field(() => BumpEnum)
  bump!: Bump;

  @Field(() => SchemaVersionType, { nullable: true, description: 'The version that says the same already.' })
  known!: SchemaVersionType | null;

  @Field(() => CompatibilityReportType)
  report!: CompatibilityReportType;

  @Field(() => [LintFindingType], { description: 'What rules of lint have against it, errors first.' })
  findings!: readonly LintFindingType[];

  @Field(() => [InventoryDemand], { description: 'What the inventory demands and it does not say.' })
  missing!: readonly InventoryDemand[];
}

/** What became of a request to publish. */
export const PublishSchemaResult = createUnionType({
  name: 'PublishSchemaResult',
  types: () =>
    [
      SchemaPublished,
      IncompatibleSchema,
      VersionUnderstated,
      LintRejected,
      InventoryDemands,
      InvalidSchema,
      InvalidInput,
      Forbidden,
    ] as const,
});

/** What a check answers. */
export const CheckSchemaResult = createUnionType({
  name: 'CheckSchemaResult',
  types: () => [SchemaCheck, InvalidSchema, InvalidInput] as const,
});
