import { z } from 'zod';
import { ConfluentError, invalidSchema } from '../../domain/confluent/confluent-error.ts';
import { schemaTypes } from '../../domain/schema-type.ts';
import type { HandedSchema } from '../../usecases/confluent/read-candidate.ts';

/** Reads a body by its shape; what the shape does not know is passed over. Throws 422 without a body, 400 for another shape. */
export function readBody<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
  if (body === undefined || body === null)
    throw new ConfluentError(422, 422, 'The request body must not be null');
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new ConfluentError(400, 400, `The request body is not as it must be: ${faults.join('; ')}`);
}

// What is null was not said.
const said = <Shape extends z.ZodType>(shape: Shape) =>
  shape.nullish().transform((value) => value ?? undefined);

/** JSON objects that are kept as they are. */
export const factsShape = z.record(z.string(), z.unknown());

/** What says which schema is meant: the body of a lookup and of a check, and part of that of a registration. */
export const schemaShape = z.object({
  schema: said(z.string()),
  schemaType: said(z.string()),
  references: said(
    z.array(z.object({ name: z.string(), subject: z.string(), version: z.int().default(-1) })),
  ),
  metadata: said(factsShape),
  ruleSet: said(factsShape),
});

const tagsShape = z.array(
  z.object({
    schemaEntity: z.object({ entityPath: z.string(), entityType: z.string() }),
    tags: z.array(z.string()),
  }),
);

export const registerShape = schemaShape.extend({
  id: said(z.int()),
  version: said(z.int()),
  schemaTagsToAdd: said(tagsShape),
  schemaTagsToRemove: said(tagsShape),
});

export const tagShape = z.object({
  newVersion: said(z.int()),
  tagsToAdd: said(tagsShape),
  tagsToRemove: said(tagsShape),
  metadata: said(factsShape),
  ruleSet: said(factsShape),
});

/** The schema that a body hands in; Avro, unless it says otherwise. Throws 42201 for a type that there is not. */
export function handedSchema(
  body: z.output<typeof schemaShape>,
): Omit<HandedSchema, 'text'> & { readonly text: string | undefined } {
  const word = body.schemaType ?? 'AVRO';
  const type = schemaTypes.find((each) => each === word.toUpperCase());
  if (type === undefined) throw invalidSchema(`Invalid schema type ${word}`);
  return {
    type,
    text: body.schema?.trim() === '' ? undefined : body.schema,
    references: body.references ?? [],
    metadata: body.metadata,
    ruleSet: body.ruleSet,
  };
}

/** The same where there must be a schema. Throws 42201. */
export function wholeSchema(body: z.output<typeof schemaShape>): HandedSchema {
  const { text, ...handed } = handedSchema(body);
  if (text === undefined) throw invalidSchema('Empty schema');
  return { ...handed, text };
}
