import { dataClasses } from '@spine/kernel/data-class';
import { z } from 'zod';

const level = z.enum([
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
]);
const profile = z.enum(['confluent', 'strict']);
const type = z.enum(['avro', 'protobuf', 'json']);
const owner = z.string().min(1).max(255);
const dataClass = z.enum(dataClasses);
const retention = z
  .string()
  .regex(
    /^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/,
    'an ISO 8601 duration such as P90D',
  );

const lint = z
  .record(z.string(), z.enum(['error', 'warning', 'off']))
  .describe('Severities by rule (docs/lint-rules.md), where a file is linted without a registry');

const reference = z.strictObject({
  name: z.string().min(1).describe('What the text calls it: an Avro full name, an import path, a URI'),
  subject: z.string().min(1),
  version: z
    .union([z.number().int().positive(), z.literal('latest')])
    .default('latest')
    .describe('The position of a published version; latest is looked up at the moment of publishing'),
});

const entry = z.strictObject({
  file: z.string().min(1).describe('A path from this file, or a glob'),
  subject: z
    .string()
    .min(1)
    .describe('{name} stands for the name of the file without its ending; a glob needs it'),
  type: type.optional().describe('By the ending of the file, where it is left out'),
  level: level.optional(),
  profile: profile.optional(),
  version: z.string().optional().describe('A semantic version to ask for'),
  owner: owner.optional(),
  tags: z.record(z.string(), z.array(z.string())).optional().describe('Labels by field path'),
  class: dataClass.optional(),
  retention: retention.optional(),
  lint: lint.optional(),
  references: z.array(reference).optional(),
});

/** The shape of spine.schemas.yaml. */
export const schemasFileShape = z.strictObject({
  defaults: z
    .strictObject({
      level: level.optional(),
      profile: profile.optional(),
      owner: owner.optional(),
      class: dataClass.optional(),
      retention: retention.optional(),
      lint: lint.optional(),
    })
    .optional(),
  schemas: z.array(entry).min(1),
});

/** A schema as spine.schemas.yaml maps it. */
export type SchemaMapping = z.output<typeof entry>;

/** A schema that another one uses, as spine.schemas.yaml names it. */
export type MappedReference = z.output<typeof reference>;

/** The JSON Schema (draft 2020-12) of spine.schemas.yaml, for editors; committed as schema/spine.schemas.schema.json. */
export function schemasFileJsonSchema(): object {
  return {
    $id: 'https://data-spine.dev/schema/spine.schemas.schema.json',
    title: 'spine.schemas.yaml',
    ...z.toJSONSchema(schemasFileShape, { io: 'input' }),
  };
}
