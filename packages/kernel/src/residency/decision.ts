import type { DataClass } from '../data-class.ts';
import type { ObligationType } from './policy-document.ts';

export const verdicts = ['allow', 'allow_with_obligations', 'deny'] as const;
export type Verdict = (typeof verdicts)[number];

/** Why the gate decided so. In a reason the code comes first, then `: ` and which. */
export const reasonCodes = [
  'allowed_by_rule',
  'allowed_by_exception',
  'denied_by_rule',
  'no_rule',
  'unknown_sink',
  'unknown_source',
  'unknown_region',
  'unknown_class',
  'unknown_tag',
  'unknown_obligation_field',
  'untagged_personal_data',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** The id that stands for the absence of a rule. */
export const defaultDeny = 'default-deny';

/** What an allow demands: these fields by this treatment. `keep` is of `tokenise`, `to` of `truncate`. */
export interface DecidedObligation {
  readonly type: ObligationType;
  readonly fields: readonly string[];
  readonly keep?: 'format';
  readonly to?: number;
}

/** The gate's answer for one table of one route. */
export interface ResidencyDecision {
  readonly verdict: Verdict;
  /** `code: which`, for people and for the ledger; never a row value. */
  readonly reason: string;
  /** The rules that decided, sorted; `default-deny` when none did. */
  readonly ruleIds: readonly string[];
  /** Strictest first; a field stands in one of them only. */
  readonly obligations: readonly DecidedObligation[];
  readonly dataClass: DataClass | 'unknown';
  /** Union of the fields' tags, sorted. */
  readonly tags: readonly string[];
}

/** What is asked: may this dataset, with these fields, go from there to there now? */
export interface DecisionRequest {
  /** `source.schema.table`. */
  readonly logicalName: string;
  /** Tags given here are joined with those of the inventory. */
  readonly fields: readonly { readonly name: string; readonly tags?: readonly string[] }[];
  readonly source: string;
  readonly sink: string;
  readonly at: Date;
}
