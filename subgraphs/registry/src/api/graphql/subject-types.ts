import 'reflect-metadata';
import { connectionType } from '@spine/platform/graphql/connection';
import { DateTime } from '@spine/platform/graphql/scalars';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import type { SchemaType } from '../../domain/schema-type.ts';
import { type Bump, formatSemver } from '../../domain/semver.ts';
import type { Subject } from '../../domain/subject.ts';
import { type SubjectVersion, versionKey } from '../../domain/subject-version.ts';
import { BumpEnum, CompatibilityLevelEnum, SchemaTypeEnum } from './enums.ts';
import { CompatibilityReportType } from './report-types.ts';

/** A dataset as far as the registry knows it: by its name. */
@ObjectType('Dataset')
@Directive('@key(fields: "namespace name")')
export class DatasetType {
  @Field(() => String)
  namespace!: string;

  @Field(() => String)
  name!: string;
}

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

/** A published version; it never changes. */
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

  @Field(() => DateTime)
  publishedAt!: Date;

  @Field(() => String)
  publishedBy!: string;

  @Field(() => CompatibilityReportType, { description: 'What was found when it was published.' })
  report!: CompatibilityReportType;
}

/** A page of versions. */
export const SchemaVersionConnection = connectionType(SchemaVersionType, 'SchemaVersion');

/** A named line of schemas. */
@ObjectType('Subject', { description: 'A named line of schemas.' })
@Directive('@key(fields: "name")')
export class SubjectType {
  /** What the fields are resolved from; not part of the graph. */
  source!: Subject;

  @Field(() => ID)
  name!: string;

  @Field(() => CompatibilityLevelEnum)
  level!: CompatibilityLevel;

  @Field(() => String)
  owner!: string;
}

/** A page of subjects. */
export const SubjectConnection = connectionType(SubjectType, 'Subject');

/** A version as the graph shows it. */
export function toVersionType(source: SubjectVersion): SchemaVersionType {
  const { version, bump, schemaType, fingerprint, schemaId, publishedAt, publishedBy, report } = source;
  return Object.assign(new SchemaVersionType(), {
    source,
    id: versionKey(source),
    version,
    semver: formatSemver(source.semver),
    bump,
    schemaType,
    fingerprint,
    schemaId,
    dataClass: source.dataClass ?? null,
    publishedAt,
    publishedBy,
    report: { ...report },
  });
}

/** A subject as the graph shows it. */
export function toSubjectType(source: Subject): SubjectType {
  const { name, level, owner } = source;
  return Object.assign(new SubjectType(), { source, name, level, owner });
}
