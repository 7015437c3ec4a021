import { Problem } from '@spine/kernel/problem';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { defaultRules } from '../../check-rules.ts';
import { createBudget } from '../budget.ts';
import { findJsonIncompatibilities } from '../find-incompatibilities.ts';
import type { JsonSchemaTree } from '../json-schema-tree.ts';
import { createPatterns } from '../pattern/pattern.ts';
import { createValidator } from '../validate-instance.ts';
import { breakingValues } from '../witness/breaking-values.ts';
import { comparable, nextVersion, someSchema, someValue, withoutContains } from './json-schema-arbitrary.ts';
import { parse } from './json-schema-builder.ts';

export const generatedDrafts = ['draft-07', '2020-12'] as const;

type GeneratedDraft = (typeof generatedDrafts)[number];

/** A schema as we read it, and as ajv does, which has no answer where its own code breaks. */
type BothReadings = readonly [JsonSchemaTree, (value: unknown) => boolean | undefined];

/** Undefined where we refuse the schema, as one that uses itself without end. */
function read(draft: GeneratedDraft, json: unknown): BothReadings | undefined {
  const schema =
    typeof json === 'object' && draft === '2020-12'
      ? { $schema: 'https://json-schema.org/draft/2020-12/schema', ...json }
      : json;
  try {
    return [parse(schema), compileByAjv(draft, withoutContains(schema))];
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function compileByAjv(draft: GeneratedDraft, schema: unknown): (value: unknown) => boolean | undefined {
  const ajv = new (draft === '2020-12' ? Ajv2020 : Ajv)({
    strict: false,
    validateFormats: false,
    logger: false,
  });
  const validate = ajv.compile(typeof schema === 'boolean' ? schema : Object(schema));
  return (value) => {
    try {
      return Boolean(validate(value));
    } catch (error) {
      // What it generates for unevaluated properties uses names that it did not declare.
      if (error instanceof TypeError || error instanceof ReferenceError) return undefined;
      throw error;
    }
  };
}

function means() {
  const budget = createBudget(400_000);
  const patternOf = createPatterns(budget);
  return { budget, patternOf, validate: createValidator(budget, patternOf) };
}

function pairs(draft: GeneratedDraft) {
  return fc.oneof(
    fc.tuple(someSchema(draft), someSchema(draft)),
    someSchema(draft).chain((schema) =>
      fc.tuple(
        nextVersion(schema, someSchema(draft)).map((next) => comparable(next, draft)),
        fc.constant(schema),
      ),
    ),
  );
}

const strict = defaultRules('strict');

/** Our validator says of every value what ajv says, or nothing. */
export function validatorAgreesWithAjv(draft: GeneratedDraft, numRuns: number): void {
  fc.assert(
    fc.property(someSchema(draft), fc.array(someValue, { minLength: 5, maxLength: 10 }), (json, values) => {
      const both = read(draft, json);
      if (both === undefined) return true;
      const [tree, fits] = both;
      const { validate, ...rest } = means();
      const more = breakingValues([tree.root], tree.root, { validate, ...rest }).slice(0, 60);
      return [...values, ...more].every((value) => {
        const found = validate(tree.root, value);
        const expected = fits(value);
        return found === undefined || expected === undefined || found === expected;
      });
    }),
    { numRuns },
  );
}

/** What fits the writer fits the reader wherever strict finds them compatible. Tells how often it did. */
export function strictIsSound(draft: GeneratedDraft, numRuns: number): number {
  let compatible = 0;
  fc.assert(
    fc.property(pairs(draft), fc.array(someValue, { maxLength: 10 }), ([readerJson, writerJson], values) => {
      const [reader, writer] = [read(draft, readerJson), read(draft, writerJson)];
      if (reader === undefined || writer === undefined) return true;
      if (findJsonIncompatibilities(reader[0], writer[0], strict).length > 0) return true;
      compatible += 1;
      const candidates = breakingValues([writer[0].root], reader[0].root, means()).slice(0, 200);
      return [...values, ...candidates].every(
        (value) => writer[1](value) !== true || reader[1](value) !== false,
      );
    }),
    { numRuns },
  );
  return compatible;
}

/** Every witness fits the writer and not the reader, for ajv too. Tells how many there were. */
export function witnessesHold(draft: GeneratedDraft, numRuns: number): number {
  let witnesses = 0;
  fc.assert(
    fc.property(pairs(draft), fc.constantFrom('strict', 'confluent'), ([readerJson, writerJson], profile) => {
      const [reader, writer] = [read(draft, readerJson), read(draft, writerJson)];
      if (reader === undefined || writer === undefined) return true;
      const found = findJsonIncompatibilities(reader[0], writer[0], defaultRules(profile));
      return found.every(({ witness }) => {
        if (witness === undefined) return true;
        witnesses += 1;
        return writer[1](witness.datum) !== false && reader[1](witness.datum) !== true;
      });
    }),
    { numRuns },
  );
  return witnesses;
}

/** A schema reads what it writes itself. */
export function schemaReadsItself(draft: GeneratedDraft, numRuns: number): void {
  fc.assert(
    fc.property(someSchema(draft), (json) => {
      const [one, other] = [read(draft, json), read(draft, json)];
      if (one === undefined || other === undefined) return true;
      return (['strict', 'confluent'] as const).every(
        (profile) => findJsonIncompatibilities(one[0], other[0], defaultRules(profile)).length === 0,
      );
    }),
    { numRuns },
  );
}
