import { invariant } from '@spine/kernel/invariant';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { SchemaChange } from '../domain/changelog/schema-change.ts';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import type { SchemaSource } from '../domain/schema-source.ts';
import type { Subject } from '../domain/subject.ts';
import type { SubjectVersion, VersionState } from '../domain/subject-version.ts';
import type { PublishKey } from './publish-keys.ts';
import type { RegistryTables } from './registry-tables.ts';

/** A version that was judged by a state of its subject. */
export interface JudgedVersion
  extends Pick<
    SubjectVersion,
    | 'subject'
    | 'version'
    | 'semver'
    | 'bump'
    | 'tags'
    | 'dataClass'
    | 'retention'
    | 'metadata'
    | 'report'
    | 'publishedBy'
  > {
  readonly schema: ParsedSchema;
  readonly source: SchemaSource;
  /** The changes since the version that it follows; null where there is none. */
  readonly diff: readonly SchemaChange[] | null;
}

export interface StoreRequest {
  readonly judged: JudgedVersion;
  /** Of the state that it was judged by. */
  readonly token: string;
  /** The subject as it is from now on, where that is something else. */
  readonly changedSubject: Subject | undefined;
  /** The id that an importer brings. */
  readonly forcedId: number | undefined;
  readonly key: PublishKey | undefined;
  /** The stream that tells of it, and what it tells. */
  readonly stream: string;
  readonly event: unknown;
}

export type StoreOutcome =
  | {
      readonly kind: 'stored';
      readonly version: SubjectVersion;
      /** The subject's from now on, where it is known. */
      readonly token?: string;
    }
  /** The subject is not any more as it was when the version was judged. Nothing is stored. */
  | { readonly kind: 'stale' }
  /** The brought id is another content's, or the content has another id. Nothing is stored. */
  | { readonly kind: 'id_taken' };

/** Stores a version with its content, its subject and word of it: all at once or nothing, in one round trip. */
export async function storeVersion(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  request: StoreRequest,
): Promise<StoreOutcome> {
  const { judged } = request;
  const { rows } = await sql<{ outcome: string; schema_id: number; guid: string; published_at: Date }>`
    select outcome, schema_id, guid, published_at
    from publish_version(${JSON.stringify(toRows(request))}::jsonb, ${judged.source.text})`.execute(db);
  const [row] = rows;
  invariant(row !== undefined, 'publish_version answers');
  if (row.outcome === 'stale' || row.outcome === 'id_taken') return { kind: row.outcome };
  return { kind: 'stored', version: asStored(judged, row) };
}

/** What was judged, as it stands now that it is stored. */
export function asStored(
  { schema, source, diff: _, ...version }: JudgedVersion,
  row: { readonly schema_id: number; readonly guid: string; readonly published_at: Date },
): SubjectVersion {
  return {
    ...version,
    schemaId: row.schema_id,
    guid: row.guid,
    publishedAt: row.published_at,
    schemaType: schema.type,
    digest: schema.digest,
    fingerprint: schema.fingerprint,
    references: source.references ?? [],
    contentMetadata: source.metadata ?? null,
    ruleSet: source.ruleSet ?? null,
    state: untouched,
  };
}

const untouched: VersionState = { deletedAt: null, erasedAt: null, rolledBack: null, deprecation: null };

/** The rows as JSON: the function reads them by the columns of their tables, so what is new in a table only needs a line here. */
export function toRows({ judged, token, changedSubject, forcedId, key, stream, event }: StoreRequest) {
  const { subject, version, semver, schema, source } = judged;
  return {
    token,
    forced_id: forcedId,
    stream,
    event,
    content: {
      digest: schema.digest,
      schema_type: schema.type,
      fingerprint: schema.fingerprint,
      refs: source.references ?? [],
      metadata: source.metadata,
      rule_set: source.ruleSet,
    },
    version: {
      subject,
      version,
      major: semver.major,
      minor: semver.minor,
      patch: semver.patch,
      prerelease: semver.prerelease ?? '',
      bump: judged.bump,
      tags: judged.tags,
      data_class: judged.dataClass,
      retention: judged.retention,
      metadata: judged.metadata,
      report: judged.report,
      diff: judged.diff,
      published_by: judged.publishedBy,
    },
    subject: changedSubject && {
      name: changedSubject.name,
      level: changedSubject.ownLevel,
      profile: changedSubject.profile,
      axes: changedSubject.axes,
      policy: changedSubject.policy,
      lint: changedSubject.lint,
      registered_via: changedSubject.registeredVia,
      owner: changedSubject.owner,
      dataset_namespace: changedSubject.dataset?.namespace,
      dataset_name: changedSubject.dataset?.name,
    },
    key: key && {
      principal: key.principal,
      key: key.key,
      request_digest: key.requestDigest,
      subject: key.subject,
      version: key.version,
    },
  };
}
