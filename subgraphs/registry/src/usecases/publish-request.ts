import type { DataClass } from '@spine/kernel/data-class';
import type { DatasetName } from '@spine/kernel/table-ref';
import type { CheckRules, Profile } from '../domain/check-rules.ts';
import type { CompatibilityLevel } from '../domain/compatibility-level.ts';
import type { FieldTags } from '../domain/governance-change.ts';
import type { SchemaReference } from '../domain/schema-reference.ts';
import type { JsonObject } from '../domain/schema-source.ts';
import type { SchemaType } from '../domain/schema-type.ts';
import type { Semver } from '../domain/semver.ts';
import type { RegisteredVia, Subject } from '../domain/subject.ts';
import type { VersionHead, VersionMetadata } from '../domain/subject-version.ts';

/** What is to be published, or only checked. What is left out stays as the latest version has it. */
export interface SchemaRequest {
  /** Qualified, where it is in a context of its own. */
  readonly subject: string;
  readonly type: SchemaType;
  readonly text: string;
  /** Subjects by their qualified names. */
  readonly references?: readonly SchemaReference[] | undefined;
  /** What Kafka clients keep with a content; part of what it is. */
  readonly contentMetadata?: JsonObject | undefined;
  readonly ruleSet?: JsonObject | undefined;
  readonly requested?: Semver | undefined;
  /** The subject's own level from now on. */
  readonly level?: CompatibilityLevel | undefined;
  /** The subject's profile from now on. */
  readonly profile?: Profile | undefined;
  readonly tags?: FieldTags | undefined;
  readonly dataClass?: DataClass | undefined;
  /** An ISO 8601 duration. */
  readonly retention?: string | undefined;
  readonly metadata?: VersionMetadata | undefined;
  /** Who answers for the subject from now on; by default the first publisher. */
  readonly owner?: string | undefined;
  /** Whether rules of lint and the demands of the inventory may refuse it. */
  readonly isReviewed?: boolean | undefined;
  /** The door that the request came by: our own, unless it says so. */
  readonly via?: RegisteredVia | undefined;
  /** Rules for this check, in place of the subject's. */
  readonly rules?: { readonly [Rule in keyof CheckRules]?: CheckRules[Rule] | undefined } | undefined;
  /** The level that holds for the subject as it is found; what its scope says, unless the caller has read that already. */
  readonly levelOf?: ((subject: Subject | undefined) => CompatibilityLevel) | undefined;
  /** The id and the position that an import brings. */
  readonly forcedId?: number | undefined;
  readonly forcedVersion?: number | undefined;
  /** The versions that the candidate is compared with; all of the line, unless this leaves some out. */
  readonly isCompared?: ((version: VersionHead) => boolean) | undefined;
}

/** A request to publish, and on whose account. */
export interface PublishRequest extends SchemaRequest {
  readonly publishedBy: string;
  /** Whether the publisher may give an existing subject another level or profile. */
  readonly mayChangeLevel: boolean;
  readonly dataset?: DatasetName | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Takes what breaks the level: an import, or a client that forces it. The report still tells. */
  readonly skipCheck?: boolean | undefined;
}
