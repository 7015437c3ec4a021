import type { DataClass } from '../data-class.ts';
import type { ExtraRegion } from '../region.ts';

/** Where a source stands, as governance knows it. */
export interface PolicySource {
  readonly name: string;
  readonly region: string;
  readonly namespace: string;
  readonly database: string;
  readonly owner: string;
}

/** A registered sink. Without its entry here a sink is unknown, and unknown is denied. */
export interface PolicySink {
  readonly name: string;
  readonly type: string;
  readonly region: string;
  readonly namespace: string;
  readonly database?: string;
  readonly owner: string;
  readonly purpose: string;
  readonly retention: string;
  readonly iam: string;
}

/** One line of the inventory: a dataset pattern, its class, the tags of its fields, and how long its data may be kept. */
export interface Classification {
  readonly dataset: string;
  readonly class: DataClass;
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** ISO 8601 duration: the longest that a schema of it may state. */
  readonly retention?: string;
}

/** What a rule or exception speaks of. What is left out means any; an empty list means none. */
export interface Match {
  readonly dataset?: readonly string[];
  readonly class?: readonly DataClass[];
  /** Jurisdiction groups, countries or region names. */
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly purpose?: readonly string[];
  readonly sink?: readonly string[];
}

/** What an allow demands of fields, strictest first. */
export const obligationTypes = ['drop', 'tokenise', 'hash', 'mask', 'truncate'] as const;
export type ObligationType = (typeof obligationTypes)[number];

/**
 * `fields` are tags or field names. `keep` is of `tokenise`: tokens that look like what they stand for. `to` is of `truncate`:
 * so many characters of the value's text are left.
 */
export interface RuleObligation {
  readonly type: ObligationType;
  readonly fields: readonly string[];
  readonly keep?: 'format';
  readonly to?: number;
}

export interface Rule {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  readonly priority?: number;
  readonly match: Match;
  readonly obligations?: readonly RuleObligation[];
  readonly rationale: string;
}

/** A time-bound permission: it allows what `match` names and sets the rules of `lifts` aside, until it expires. */
export interface PolicyException {
  readonly id: string;
  readonly match: Match;
  readonly lifts?: readonly string[];
  readonly obligations?: readonly RuleObligation[];
  readonly reason: string;
  readonly notBefore: string;
  readonly expiresAt: string;
  /** At least two roles, Security among them. */
  readonly approvals: readonly { readonly role: string; readonly subject: string; readonly at: string }[];
}

/** The content of a matrix version: the governance keys of spine.yaml with endpoints resolved. */
export interface PolicyDocument {
  readonly regions: readonly ExtraRegion[];
  readonly sources: readonly PolicySource[];
  readonly sinks: readonly PolicySink[];
  readonly classification: readonly Classification[];
  readonly residency: { readonly rules: readonly Rule[]; readonly exceptions: readonly PolicyException[] };
}
