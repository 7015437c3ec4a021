import type { Kysely, Transaction } from 'kysely';
import { type InventoryDemand, type Missing, meetsInventory } from '../domain/inventory-demand.ts';
import { lint } from '../domain/lint/lint.ts';
import type { LintFinding } from '../domain/lint/lint-finding.ts';
import type { LintInput } from '../domain/lint/lint-input.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import type { Assessment, StoredCandidate } from './assess-schema.ts';
import type { ReadRequest } from './read-request.ts';
import { sourceOf } from './schema-sources.ts';

/** What rules and inventory have against a candidate. */
export interface Review {
  readonly findings: readonly LintFinding[];
  readonly missing: readonly Missing[];
}

/** Nobody looked. */
export const noReview: Review = { findings: [], missing: [] };

/** Holds a candidate against the rules of lint, at the severities of its subject, and against what the inventory demands. */
export async function reviewCandidate(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  { schema, source }: ReadRequest,
  { subject, previous, governance }: Assessment,
  owner: string | undefined,
  demand: InventoryDemand | undefined,
): Promise<Review> {
  return {
    findings: lint({
      source,
      schema,
      stewardship: { ...governance, owner: owner ?? subject?.owner },
      previous: previous === undefined ? undefined : await describe(db, previous),
      severities: subject?.lint,
    }),
    missing: demand === undefined ? [] : meetsInventory(governance, schema.fields, demand),
  };
}

async function describe(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  { version, schema }: StoredCandidate,
): Promise<Pick<LintInput, 'source' | 'schema'>> {
  return { source: await sourceOf(db, version), schema };
}
