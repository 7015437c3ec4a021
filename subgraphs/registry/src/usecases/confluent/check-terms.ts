import type { CheckRules, Profile } from '../../domain/check-rules.ts';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import { metadataProperty } from '../../domain/confluent/content-facts.ts';
import type { JsonObject } from '../../domain/schema-source.ts';
import type { Subject } from '../../domain/subject.ts';
import type { VersionHead } from '../../domain/subject-version.ts';
import type { Candidate } from './read-candidate.ts';
import type { Scope } from './scope.ts';

/** The part of a request to publish or to check that the settings of a scope decide. */
export interface CheckTerms {
  readonly via: 'confluent';
  readonly levelOf: (subject: Subject | undefined) => CompatibilityLevel;
  readonly rules: Partial<CheckRules>;
  readonly isCompared: (version: VersionHead) => boolean;
}

/** By what a candidate is checked: the level and the policy that hold, against versions of its own group only. */
export function checkTerms(
  { config }: Scope,
  candidate: Pick<Candidate, 'metadata'>,
  profile: Profile | undefined,
): CheckTerms {
  const { compatibilityGroup, compatibilityPolicy, compatibilityLevel } = config;
  const groupOf = (metadata: JsonObject | null | undefined): string | undefined =>
    compatibilityGroup === undefined
      ? undefined
      : metadataProperty(metadata ?? undefined, compatibilityGroup);
  const group = groupOf(candidate.metadata);
  return {
    via: 'confluent',
    levelOf: (subject) => subject?.ownLevel ?? compatibilityLevel,
    rules: {
      ...(profile !== undefined && { profile }),
      ...(compatibilityPolicy !== undefined && { policy: compatibilityPolicy }),
    },
    isCompared: ({ contentMetadata }) => groupOf(contentMetadata) === group,
  };
}
