import type { ColumnType, Generated } from 'kysely';

type Json = ColumnType<unknown, string, never>;

/** The tables of the registry schema, as Kysely sees them. */
export interface RegistryTables {
  schema: {
    id: Generated<number>;
    digest: string;
    schema_type: string;
    fingerprint: string;
    text: string;
    created_at: Generated<Date>;
  };
  subject: {
    name: string;
    level: string;
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
    bump: string;
    tags: Json;
    data_class: string | null;
    metadata: Json;
    report: Json;
    published_by: string;
    published_at: Generated<Date>;
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
