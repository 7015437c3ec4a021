import { type InventoryDemand, type Missing, meetsInventory } from '../domain/inventory-demand.ts';
import { lint } from '../domain/lint/lint.ts';
import type { LintFinding } from '../domain/lint/lint-finding.ts';
import type { Assessment } from './assess-schema.ts';
import type { DescribedVersion } from './describe-version.ts';
import type { ReadRequest } from './read-request.ts';

/** What rules and inventory have against a candidate. */
export interface Review {
  readonly findings: readonly LintFinding[];
  readonly missing: readonly Missing[];
}

/** Nobody looked. */
export const noReview: Review = { findings: [], missing: [] };

/**
 * Holds a candidate against the rules of lint, at the severities of its subject, and against what the inventory demands.
 * `predecessor` is the version that it follows; in a line of its own it follows none.
 */
export function reviewCandidate(options: {
  readonly read: ReadRequest;
  readonly assessment: Assessment;
  readonly predecessor: DescribedVersion | undefined;
  readonly owner: string | undefined;
  readonly demand: InventoryDemand | undefined;
}): Review {
  const { read, assessment, predecessor, owner, demand } = options;
  const { subject, governance, opensLine } = assessment;
  const previous: Pick<DescribedVersion, 'source' | 'schema'> | undefined = opensLine
    ? undefined
    : predecessor;
  return {
    findings: lint({
      source: read.source,
      schema: read.schema,
      outlined: read.outlined,
      stewardship: { ...governance, owner: owner ?? subject?.owner },
      previous,
      severities: subject?.lint,
    }),
    missing: demand === undefined ? [] : meetsInventory(governance, read.schema.fields, demand),
  };
}
