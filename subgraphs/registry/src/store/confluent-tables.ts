import type { ColumnType, Generated } from 'kysely';
import type { RegistryTables } from './registry-tables.ts';

/** The tables that only the Confluent API knows, beside those that every part of the registry does. */
export interface ConfluentTables extends RegistryTables {
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
}
