import 'reflect-metadata';
import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime, JSONValue } from '@spine/platform/graphql/scalars';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { FieldTags } from '../../domain/governance-change.ts';
import type { SchemaType } from '../../domain/schema-type.ts';
import { type Bump, formatSemver } from '../../domain/semver.ts';
import { type SubjectVersion, type VersionMetadata, versionKey } from '../../domain/subject-version.ts';
import { BumpEnum, SchemaTypeEnum } from './enums.ts';
import { CompatibilityReportType, toReportType } from './report-types.ts';

/** A field of a version with its labels. */
@ObjectType('SchemaField', { description: 'A field of a schema, nested ones too.' })
export class SchemaFieldType {
  @Field(() => String, { description: 'Such as `email`, `address.city`, `lines[].sku`.' })
  path!: string;

  @Field(() => String, { description: 'For people: `string?`, `long (timestamp-micros)`.' })
  type!: string;

  @Field(() => [String])
  tags!: readonly string[];
}

/** The labels of one field. */
@ObjectType('FieldTags', { description: 'The labels of one field.' })
export class FieldTagsType {
  @Field(() => String, { description: 'Such as `email`, `address.city`.' })
  path!: string;

  @Field(() => [String])
  tags!: readonly string[];
}

/** What a schema uses. */
@ObjectType('SchemaReference', { description: 'A version that a schema uses.' })
export class SchemaReferenceType {
  @Field(() => String, { description: 'As the schema calls it: a full name, an import path, a URI.' })
  name!: string;

  @Field(() => String)
  subject!: string;

  @Field(() => Int)
  version!: number;
}

/** That a version should no longer be used. */
@ObjectType('Deprecation', { description: 'Says that a version should no longer be used.' })
export class DeprecationType {
  @Field(() => DateTime)
  at!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it is to be gone.' })
  sunset!: Date | null;

  @Field(() => String, { nullable: true })
  note!: string | null;
}

/** That a version is no longer offered because an older one is the latest again. */
@ObjectType('Rollback', {
  description: 'Why a version is no longer offered: an older one is the latest again.',
})
export class RollbackType {
  @Field(() => DateTime)
  at!: Date;

  @Field(() => String)
  by!: string;

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who answers for it, where the older schema cannot read what was written since.',
  })
  approver!: string | null;
}

/** A published version; it never changes, what becomes of it does. */
@ObjectType('SchemaVersion', { description: 'A published version of a subject; it never changes.' })
@Directive('@key(fields: "id")')
export class SchemaVersionType {
  /** What the fields are resolved from; not part of the graph. */
  source!: SubjectVersion;

  @Field(() => ID)
  id!: string;

  @Field(() => Int, { description: 'Position in the subject, 1..n.' })
  version!: number;

  @Field(() => String)
  semver!: string;

  @Field(() => BumpEnum)
  bump!: Bump;

  @Field(() => SchemaTypeEnum)
  schemaType!: SchemaType;

  @Field(() => String, { description: 'SHA-256 of the canonical form.' })
  fingerprint!: string;

  @Field(() => Int, { description: 'Number of the content on the wire, the same under every subject.' })
  schemaId!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Sensitivity label of the data, if somebody gave one.',
  })
  dataClass!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How long the data may be kept, an ISO 8601 duration, if somebody said.',
  })
  retention!: string | null;

  @Field(() => [FieldTagsType], { description: 'All labels, by the paths of their fields.' })
  tags!: readonly FieldTagsType[];

  @Field(() => JSONValue, { description: 'Free facts for people and their tools: names and texts.' })
  metadata!: VersionMetadata;

  @Field(() => String, { description: 'Name of the content in every registry that knows it.' })
  guid!: string;

  @Field(() => [SchemaReferenceType], { description: 'What the schema uses directly.' })
  references!: readonly SchemaReferenceType[];

  @Field(() => DeprecationType, { nullable: true })
  deprecated!: DeprecationType | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when it is no longer offered; null for a live one.',
  })
  deletedAt!: Date | null;

  @Field(() => RollbackType, {
    nullable: true,
    description: 'Where a rollback is why it is no longer offered.',
  })
  rolledBack!: RollbackType | null;

  @Field(() => DateTime)
  publishedAt!: Date;

  @Field(() => String)
  publishedBy!: string;

  @Field(() => CompatibilityReportType, { description: 'What was found when it was published.' })
  report!: CompatibilityReportType;
}

/** A page of versions. */
export const SchemaVersionConnection = connectionType(SchemaVersionType, 'SchemaVersion');

/** A version as the graph shows it. */
export function toVersionType(source: SubjectVersion): SchemaVersionType {
  const { version, bump, schemaType, fingerprint, schemaId, guid, references, state } = source;
  return Object.assign(new SchemaVersionType(), {
    source,
    id: versionKey(source),
    version,
    semver: formatSemver(source.semver),
    bump,
    schemaType,
    fingerprint,
    schemaId,
    guid,
    references: [...references],
    dataClass: source.dataClass ?? null,
    retention: source.retention ?? null,
    tags: toTagsTypes(source.tags),
    metadata: source.metadata,
    deprecated: state.deprecation,
    deletedAt: state.deletedAt,
    rolledBack: state.rolledBack,
    publishedAt: source.publishedAt,
    publishedBy: source.publishedBy,
    report: toReportType(source.report),
  });
}

function toTagsTypes(tags: FieldTags): readonly FieldTagsType[] {
  return Object.entries(tags).map(([path, labels]) =>
    Object.assign(new FieldTagsType(), { path, tags: labels }),
  );
}
