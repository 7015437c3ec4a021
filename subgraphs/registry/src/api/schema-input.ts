import { dataClasses } from '@spine/kernel/data-class';
import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { profiles } from '../domain/check-rules.ts';
import { compatibilityLevels } from '../domain/compatibility-level.ts';
import { parseRetention } from '../domain/retention.ts';
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

const referenceShape = z.strictObject({
  name: plainText.min(1),
  subject: plainText.min(1),
  version: z.int().positive().max(2_147_483_647),
});

/** What callers say of a schema that they publish or check, in the words of the REST API. */
export const schemaInputShape = z.strictObject({
  schema: z.string(),
  schemaType: z.string().default('AVRO'),
  references: z.array(referenceShape).max(100).optional(),
  version: z.string().optional(),
  level: z.enum(compatibilityLevels).optional(),
  profile: z.enum(profiles).optional(),
  tags: tagsShape.optional(),
  dataClass: z.enum(dataClasses).optional(),
  retention: z.string().optional(),
  owner: plainText.min(1).optional(),
  metadata: z.record(plainText.min(1), plainText).optional(),
});

/** A checked request. Throws INPUT_INVALID, NOT_SUPPORTED, or SCHEMA_INVALID for a name that no subject may have. */
export function toSchemaRequest(
  subject: string,
  input: z.output<typeof schemaInputShape>,
): SchemaRequest & { readonly owner?: string | undefined } {
  const { schema, schemaType, version, retention, ...rest } = input;
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
    retention: retention === undefined ? undefined : parseRetention(retention),
    requested: version === undefined ? undefined : parseSemver(version),
  };
}
