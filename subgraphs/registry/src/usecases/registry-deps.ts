import type { Database } from '@spine/platform/postgres/create-database';
import type { RegistryTables } from '../store/registry-tables.ts';
import type { SchemaCache } from './schema-cache.ts';

/** What the use cases of the registry stand on. */
export interface RegistryDeps {
  readonly database: Database<RegistryTables>;
  readonly schemas: SchemaCache;
}

/** What a use case needs that only reads rows; inside a transaction, the transaction's. */
export interface ReadDeps {
  readonly database: Pick<Database<RegistryTables>, 'kysely'>;
}
