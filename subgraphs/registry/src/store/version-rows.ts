import { dataClasses } from '@spine/kernel/data-class';
import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { schemaTypes } from '../domain/schema-type.ts';
import { bumps, type Semver } from '../domain/semver.ts';
import type { SubjectVersion, VersionHead, VersionState } from '../domain/subject-version.ts';
import type { RegistryTables } from './registry-tables.ts';
import { parseStoredReport } from './stored-report.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** Versions with their content and state, without their reports: what checks read by the hundred. */
export function selectHeads(db: Db) {
  return db
    .selectFrom('subject_version as v')
    .innerJoin('schema as s', 's.id', 'v.schema_id')
    .leftJoin('version_state as t', (join) =>
      join.onRef('t.subject', '=', 'v.subject').onRef('t.version', '=', 'v.version'),
    )
    .select([
      'v.subject',
      'v.version',
      'v.schema_id',
      'v.major',
      'v.minor',
      'v.patch',
      'v.prerelease',
      'v.tags',
      'v.data_class',
      'v.retention',
      'v.metadata',
      's.schema_type',
      's.digest',
      's.fingerprint',
      's.metadata as content_metadata',
      't.deleted_at',
      't.erased_at',
      't.rolled_back_at',
      't.rolled_back_by',
      't.rollback_reason',
      't.rollback_approver',
      't.deprecated_at',
      't.sunset',
      't.deprecation_note',
    ]);
}

/** Versions with all that is known of them. */
export function selectVersions(db: Db) {
  return selectHeads(db).select([
    'v.bump',
    'v.report',
    'v.published_by',
    'v.published_at',
    's.guid',
    's.refs',
    's.rule_set',
  ]);
}

/** Whether a version of `selectHeads` or `selectVersions` is live. */
export const live = sql<boolean>`t.deleted_at is null`;

type HeadRow = Awaited<ReturnType<ReturnType<typeof selectHeads>['executeTakeFirstOrThrow']>>;
type VersionRow = Awaited<ReturnType<ReturnType<typeof selectVersions>['executeTakeFirstOrThrow']>>;

const jsonObject = z.record(z.string(), z.unknown());
const headShape = z.object({
  schemaType: z.enum(schemaTypes),
  tags: z.record(z.string(), z.array(z.string())),
  dataClass: z.enum(dataClasses).nullable(),
  metadata: z.record(z.string(), z.string()),
  contentMetadata: jsonObject.nullable(),
});
const referencesShape = z.array(z.object({ name: z.string(), subject: z.string(), version: z.number() }));

/** A row of `selectHeads` in the words of the domain. */
export function toHead(row: HeadRow): VersionHead {
  const { dataClass, ...stored } = headShape.parse({
    schemaType: row.schema_type,
    tags: row.tags,
    dataClass: row.data_class,
    metadata: row.metadata,
    contentMetadata: row.content_metadata,
  });
  return {
    subject: row.subject,
    version: row.version,
    semver: toSemver(row),
    schemaId: row.schema_id,
    digest: row.digest,
    fingerprint: row.fingerprint,
    ...stored,
    ...(dataClass !== null && { dataClass }),
    ...(row.retention !== null && { retention: row.retention }),
    state: toState(row),
  };
}

/** A row of `selectVersions` in the words of the domain. */
export function toVersion(row: VersionRow): SubjectVersion {
  return {
    ...toHead(row),
    bump: z.enum(bumps).parse(row.bump),
    guid: row.guid,
    references: parseStoredReferences(row.refs),
    ruleSet: jsonObject.nullable().parse(row.rule_set),
    report: parseStoredReport(row.report),
    publishedAt: row.published_at,
    publishedBy: row.published_by,
  };
}

/** Reads stored references. */
export function parseStoredReferences(refs: unknown): z.output<typeof referencesShape> {
  return referencesShape.parse(refs);
}

function toSemver(row: Pick<HeadRow, 'major' | 'minor' | 'patch' | 'prerelease'>): Semver {
  const { major, minor, patch, prerelease } = row;
  return { major, minor, patch, ...(prerelease !== '' && { prerelease }) };
}

function toState(row: HeadRow): VersionState {
  return {
    deletedAt: row.deleted_at,
    erasedAt: row.erased_at,
    rolledBack:
      row.rolled_back_at === null
        ? null
        : {
            at: row.rolled_back_at,
            by: row.rolled_back_by ?? '',
            reason: row.rollback_reason,
            approver: row.rollback_approver,
          },
    deprecation:
      row.deprecated_at === null
        ? null
        : { at: row.deprecated_at, sunset: row.sunset, note: row.deprecation_note },
  };
}
