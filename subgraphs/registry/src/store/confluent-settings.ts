import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { policies } from '../domain/check-rules.ts';
import { compatibilityLevels } from '../domain/compatibility-level.ts';
import type { ConfluentConfig } from '../domain/confluent/confluent-config.ts';
import { type Mode, modes } from '../domain/confluent/confluent-mode.ts';
import type { ConfluentTables } from './confluent-tables.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** What was set for one scope. */
export interface ScopeSettings {
  readonly config: ConfluentConfig;
  readonly mode: Mode | undefined;
}

const jsonObject = z.record(z.string(), z.unknown());

const configShape = z.object({
  compatibilityLevel: z.enum(compatibilityLevels).exactOptional(),
  alias: z.string().exactOptional(),
  normalize: z.boolean().exactOptional(),
  validateFields: z.boolean().exactOptional(),
  validateNewSchemas: z.boolean().exactOptional(),
  validateRules: z.boolean().exactOptional(),
  compatibilityPolicy: z.enum(policies).exactOptional(),
  compatibilityGroup: z.string().exactOptional(),
  defaultMetadata: jsonObject.exactOptional(),
  overrideMetadata: jsonObject.exactOptional(),
  defaultRuleSet: jsonObject.exactOptional(),
  overrideRuleSet: jsonObject.exactOptional(),
});

/** The settings of these scopes, as far as any were made. */
export async function findSettings(
  db: Db,
  scopes: readonly string[],
): Promise<ReadonlyMap<string, ScopeSettings>> {
  const rows = await tables(db)
    .selectFrom('confluent_setting')
    .select(['scope', 'config', 'mode'])
    .where('scope', 'in', scopes)
    .execute();
  return new Map(
    rows.map(({ scope, config, mode }) => [
      scope,
      { config: configShape.parse(config), mode: mode === null ? undefined : z.enum(modes).parse(mode) },
    ]),
  );
}

/** Stores the config of a scope. */
export async function putConfig(db: Db, scope: string, config: ConfluentConfig): Promise<void> {
  const text = JSON.stringify(config);
  await tables(db)
    .insertInto('confluent_setting')
    .values({ scope, config: text, mode: null })
    .onConflict((conflict) => conflict.column('scope').doUpdateSet({ config: text }))
    .execute();
}

/** Stores the mode of a scope; undefined: it has none of its own. */
export async function putMode(db: Db, scope: string, mode: Mode | undefined): Promise<void> {
  await tables(db)
    .insertInto('confluent_setting')
    .values({ scope, mode: mode ?? null })
    .onConflict((conflict) => conflict.column('scope').doUpdateSet({ mode: mode ?? null }))
    .execute();
}

/** Forgets what was set for a scope. */
export async function deleteSettings(db: Db, scope: string): Promise<void> {
  await tables(db).deleteFrom('confluent_setting').where('scope', '=', scope).execute();
}

/** Forgets the modes of all subjects of a context, or of all contexts too where the scope is everything. */
export async function deleteModesWithin(db: Db, scope: string): Promise<void> {
  await tables(db)
    .updateTable('confluent_setting')
    .set({ mode: null })
    .where('scope', '<>', scope)
    .where(sql<boolean>`starts_with(scope, ${scope})`)
    .execute();
}

/** A service's own tables are all in one schema: the rest of the registry only does not name these. */
function tables(db: Db) {
  return db.withTables<ConfluentTables>();
}
