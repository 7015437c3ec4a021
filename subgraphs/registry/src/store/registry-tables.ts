import type { ColumnType, Generated } from 'kysely';

type Json = ColumnType<unknown, string, string>;
type JsonOrDefault = ColumnType<unknown, string | undefined, string>;

/** The tables of the registry schema, as Kysely sees them. */
export interface RegistryTables {
  schema: {
    id: Generated<number>;
    digest: string;
    schema_type: string;
    fingerprint: string;
    text: string;
    refs: JsonOrDefault;
    metadata: ColumnType<unknown, string | null | undefined, never>;
    rule_set: ColumnType<unknown, string | null | undefined, never>;
    guid: ColumnType<string, never, never>;
    created_at: Generated<Date>;
  };
  subject: {
    name: string;
    level: string | null;
    profile: Generated<string>;
    axes: JsonOrDefault;
    policy: Generated<string>;
    lint: JsonOrDefault;
    registered_via: Generated<string>;
    owner: string;
    dataset_namespace: string | null;
    dataset_name: string | null;
    created_at: Generated<Date>;
  };
  subject_version: {
    subject: string;
    version: number;
    schema_id: number;
    major: number;
    minor: number;
    patch: number;
    prerelease: Generated<string>;
    bump: string;
    tags: Json;
    data_class: string | null;
    retention: string | null;
    metadata: Json;
    report: Json;
    diff: ColumnType<unknown, string | null | undefined, never>;
    published_by: string;
    published_at: Generated<Date>;
  };
  version_state: {
    subject: string;
    version: number;
    deleted_at: Date | null;
    erased_at: Date | null;
    rolled_back_at: Date | null;
    rolled_back_by: string | null;
    rollback_reason: string | null;
    rollback_approver: string | null;
    deprecated_at: Date | null;
    sunset: Date | null;
    deprecation_note: string | null;
  };
  version_reference: {
    subject: string;
    version: number;
    ref_subject: string;
    ref_version: number;
  };
  subject_usage: {
    subject: string;
    role: string;
    name: string;
    version: number;
    contact: string | null;
    registered_by: string;
    registered_at: Generated<Date>;
  };
  publish_key: {
    principal: string;
    key: string;
    request_digest: string;
    subject: string;
    version: number;
    created_at: Generated<Date>;
  };
}
