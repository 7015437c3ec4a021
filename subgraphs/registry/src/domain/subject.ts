import type { DatasetName } from '@spine/kernel/table-ref';
import type { CheckRules } from './check-rules.ts';
import { type CompatibilityLevel, defaultLevel } from './compatibility-level.ts';
import type { LintSeverities } from './lint/lint-finding.ts';

/** The door by which a subject was first published: our own paths, or those that Kafka clients call. */
export const registeredVias = ['spine', 'confluent'] as const;

export type RegisteredVia = (typeof registeredVias)[number];

/** What a subject says of itself; where it is silent, what it inherits holds. */
export interface SubjectSettings extends CheckRules {
  /** Null: the level is inherited. */
  readonly ownLevel: CompatibilityLevel | null;
  /** By rule; a rule that is not named keeps its own severity. */
  readonly lint: LintSeverities;
  readonly owner: string;
}

/** A named line of schemas: what its versions promise, who answers for it, which dataset it describes. */
export interface Subject extends SubjectSettings {
  readonly name: string;
  /** The level that holds: its own or, where it has none, the one that its door gives. */
  readonly level: CompatibilityLevel;
  readonly registeredVia: RegisteredVia;
  readonly dataset: DatasetName | null;
}

/** The level of a subject without one of its own: what a Kafka client expects where such a client was first. */
export function inheritedLevel(via: RegisteredVia): CompatibilityLevel {
  return via === 'confluent' ? 'BACKWARD' : defaultLevel;
}
