import type { DataClass } from '../data-class.ts';
import { compileGlob, type DatasetGlob } from '../dataset-glob.ts';
import type { Region } from '../region.ts';
import { isCountry, isJurisdictionGroup } from '../region-jurisdictions.ts';
import type { Match, PolicyException, Rule, RuleObligation } from './policy-document.ts';

/** A rule or exception made ready for matching. */
export interface Candidate {
  readonly id: string;
  readonly kind: 'rule' | 'exception';
  readonly effect: 'allow' | 'deny';
  readonly priority: number;
  readonly obligations: readonly RuleObligation[];
  readonly lifts: readonly string[];
  /** Milliseconds since 1970; in force from `since` until before `until`. */
  readonly since: number;
  readonly until: number;
  readonly globs: readonly DatasetGlob[] | null;
  readonly classes: ReadonlySet<DataClass> | null;
  readonly from: ReadonlySet<string> | null;
  readonly to: ReadonlySet<string> | null;
  readonly purposes: ReadonlySet<string> | null;
  readonly sinks: ReadonlySet<string> | null;
}

/** Compiles a rule: in force always. */
export function ruleCandidate(rule: Rule): Candidate {
  return {
    id: rule.id,
    kind: 'rule',
    effect: rule.effect,
    priority: rule.priority ?? 0,
    obligations: rule.obligations ?? [],
    lifts: [],
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    ...compileMatch(rule.match),
  };
}

/** Compiles an exception: an allow, in force between its two times. */
export function exceptionCandidate(exception: PolicyException): Candidate {
  return {
    id: exception.id,
    kind: 'exception',
    effect: 'allow',
    priority: 0,
    obligations: exception.obligations ?? [],
    lifts: exception.lifts ?? [],
    since: Date.parse(exception.notBefore),
    until: Date.parse(exception.expiresAt),
    ...compileMatch(exception.match),
  };
}

function compileMatch(match: Match) {
  const set = <T>(words: readonly T[] | undefined): ReadonlySet<T> | null => (words ? new Set(words) : null);
  return {
    globs: match.dataset?.flatMap((pattern) => compileGlob(pattern) ?? []) ?? null,
    classes: set(match.class),
    from: set(match.from),
    to: set(match.to),
    purposes: set(match.purpose),
    sinks: set(match.sink),
  };
}

/**
 * How narrowly a candidate speaks of one place: 0 any, 1 a group, 2 a country, 3 the region itself; null when it does not
 * speak of it at all.
 */
export function placeSpecificity(words: ReadonlySet<string> | null, region: Region): number | null {
  if (words === null) return 0;
  let best: number | null = null;
  for (const term of region.terms) {
    if (!words.has(term)) continue;
    const rank = isCountry(term) ? 2 : isJurisdictionGroup(term) ? 1 : 3;
    if (best === null || rank > best) best = rank;
  }
  return best;
}
