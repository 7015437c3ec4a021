import type { DataClass } from '@spine/kernel/data-class';
import type { DatasetName } from '@spine/kernel/table-ref';
import type { CompatibilityLevel } from '../domain/compatibility-level.ts';
import type { FieldTags } from '../domain/governance-change.ts';
import type { SchemaType } from '../domain/schema-type.ts';
import type { Semver } from '../domain/semver.ts';
import type { VersionMetadata } from '../domain/subject-version.ts';

/** What is to be published, or only checked. What is left out stays as the latest version has it. */
export interface SchemaRequest {
  readonly subject: string;
  readonly type: SchemaType;
  readonly text: string;
  readonly requested?: Semver | undefined;
  readonly level?: CompatibilityLevel | undefined;
  readonly tags?: FieldTags | undefined;
  readonly dataClass?: DataClass | undefined;
  readonly metadata?: VersionMetadata | undefined;
}

/** A request to publish, and on whose account. */
export interface PublishRequest extends SchemaRequest {
  readonly publishedBy: string;
  /** Whether the publisher may give an existing subject another level. */
  readonly mayChangeLevel: boolean;
  /** Who answers for the subject from now on; by default the first publisher. */
  readonly owner?: string | undefined;
  readonly dataset?: DatasetName | undefined;
  readonly idempotencyKey?: string | undefined;
}
