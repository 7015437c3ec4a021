import { z } from 'zod';

/** The stream that tells of publishes, in the order of their commits. */
export const schemaChanges = 'schemaChanges';

const shape = z.object({
  kind: z.literal('published'),
  subject: z.string(),
  version: z.number(),
  semver: z.object({ major: z.number(), minor: z.number(), patch: z.number() }),
});

/** One publish, as it stands in the stream. */
export type SchemaChange = Readonly<z.infer<typeof shape>>;

/** Reads a stored event. */
export function parseSchemaChange(item: unknown): SchemaChange {
  return shape.parse(item);
}
