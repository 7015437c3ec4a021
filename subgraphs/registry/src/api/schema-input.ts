import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { compatibilityLevels } from '../domain/compatibility-level.ts';
import { parseSchemaType } from '../domain/schema-type.ts';
import { parseSemver } from '../domain/semver.ts';
import { parseSubjectName } from '../domain/subject-name.ts';
import type { SchemaRequest } from '../usecases/publish-request.ts';

/** Text that a database takes and a page shows: no control characters, no halves of surrogate pairs. */
export const plainText = z
  .string()
  .max(1_024)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'may not hold control characters');

/** Labels of fields by path. */
export const tagsShape = z.record(plainText, z.array(plainText.min(1).max(64)).max(64));

/** What callers say of a schema that they publish or check, in the words of the REST API. */
export const schemaInputShape = z.strictObject({
  schema: z.string(),
  schemaType: z.string().default('AVRO'),
  version: z.string().optional(),
  level: z.enum(compatibilityLevels).optional(),
  tags: tagsShape.optional(),
  metadata: z.record(plainText.min(1), plainText).optional(),
});

/** A checked request. Throws INPUT_INVALID, NOT_SUPPORTED, or SCHEMA_INVALID for a name that no subject may have. */
export function toSchemaRequest(subject: string, input: z.output<typeof schemaInputShape>): SchemaRequest {
  const { schema, schemaType, version, ...rest } = input;
  if (schema.trim() === '') {
    throw new Problem('INPUT_INVALID', 'the schema is empty', {
      fix: 'send the text of the schema',
      path: '/schema',
    });
  }
  return {
    ...rest,
    subject: parseSubjectName(subject),
    type: parseSchemaType(schemaType),
    text: schema,
    requested: version === undefined ? undefined : parseSemver(version),
  };
}
