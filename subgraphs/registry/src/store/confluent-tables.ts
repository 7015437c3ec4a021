import type { ColumnType, Generated } from 'kysely';

/** The tables that only the Confluent API knows. */
export type ConfluentTables = {
  confluent_setting: {
    scope: string;
    config: ColumnType<unknown, string | undefined, string>;
    mode: string | null;
  };
  confluent_association: {
    context: string;
    resource_id: string;
    resource_type: string;
    association_type: string;
    resource_name: string;
    resource_namespace: string;
    subject: string;
    guid: Generated<string>;
    lifecycle: string;
    frozen: boolean;
    created_at: Generated<Date>;
    updated_at: Generated<Date>;
  };
};
