import { z } from 'zod';

/** The stream that tells of publishes and of what becomes of versions, in the order of their commits. */
export const schemaChanges = 'schemaChanges';

/** What can happen to a version. */
export const schemaChangeKinds = [
  'published',
  'rolledBack',
  'deleted',
  /** For good: the version cannot be read any more. */
  'removed',
  'deprecated',
  'undeprecated',
] as const;

const shape = z.object({
  kind: z.enum(schemaChangeKinds),
  subject: z.string(),
  version: z.number(),
  semver: z.object({
    major: z.number(),
    minor: z.number(),
    patch: z.number(),
    prerelease: z.string().optional(),
  }),
});

/** One event of a version, as it stands in the stream. */
export type SchemaChange = Readonly<z.infer<typeof shape>>;

/** Reads a stored event. */
export function parseSchemaChange(item: unknown): SchemaChange {
  return shape.parse(item);
}
