import type { Semver } from '../domain/semver.ts';

/** The stream that tells of publishes, in the order of their commits. */
export const schemaChanges = 'schemaChanges';

/** One publish, as it stands in the stream. */
export interface SchemaChange {
  readonly kind: 'published';
  readonly subject: string;
  readonly version: number;
  readonly semver: Semver;
}
