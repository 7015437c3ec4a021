import type { Database } from '@spine/platform/postgres/create-database';
import type { Inventory } from '../clients/inventory.ts';
import type { PublishQueue } from '../store/publish-queue.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import type { SubjectStates } from '../store/subject-states.ts';
import type { SchemaCache } from './schema-cache.ts';

/** What the use cases of the registry stand on. */
export interface RegistryDeps {
  readonly database: Database<RegistryTables>;
  readonly schemas: SchemaCache;
  /** Absent where every subject is read anew. */
  readonly states?: SubjectStates | undefined;
  /** Absent where publishes need not share commits: then each is stored alone. */
  readonly publishes?: PublishQueue | undefined;
  /** Absent where no governance is known: then nothing is demanded. */
  readonly inventory?: Inventory | undefined;
}

/** What a use case needs that only reads rows; inside a transaction, the transaction's. */
export interface ReadDeps {
  readonly database: Pick<Database<RegistryTables>, 'kysely'>;
}
