import { Problem } from '@spine/kernel/problem';
import type { Witness } from '../../incompatibility.ts';
import { isRecord } from '../../json.ts';
import { createBudget } from '../budget.ts';
import type { Difference, InstanceStep } from '../difference.ts';
import type { JsonSchemaNode, JsonSchemaTree } from '../json-schema-tree.ts';
import { createPatterns } from '../pattern/pattern.ts';
import { schemasOfItem, schemasOfProperty, type ViewMeans } from '../strict/view.ts';
import { createValidator, type ValidateInstance } from '../validate-instance.ts';
import { breakingValues } from './breaking-values.ts';
import { sampleOfType, sampleValues } from './sample-values.ts';

/** Looks for a value that shows a breach: one that fits the writer's schema and not the reader's. */
export type FindWitness = (difference: Difference, message: string) => Witness | undefined;

/** For all breaches of a comparison together; who has so many reads none of the last. */
const maxSteps = 100_000;
const maxTries = 40;

/** Finds witnesses as long as the steps last. Every one was validated by both schemas. */
export function createWitnessFinder(reader: JsonSchemaTree, writer: JsonSchemaTree): FindWitness {
  const budget = createBudget(maxSteps);
  const patternOf = createPatterns(budget);
  const validate = createValidator(budget, patternOf);
  const validateFormats = createValidator(budget, patternOf, { checksFormats: true });
  const means: ViewMeans = { budget, patternOf, validate };

  function search(difference: Difference): { readonly datum: unknown } | undefined {
    const isRead: ValidateInstance = difference.kind.startsWith('FORMAT_') ? validateFormats : validate;
    let tries = 0;
    for (const part of breakingValues([difference.writer], difference.reader, means)) {
      if (validate(difference.writer, part) === false || isRead(difference.reader, part) === true) continue;
      for (const datum of embed([writer.root], difference.place, part, means)) {
        tries += 1;
        if (tries > maxTries) return undefined;
        if (validate(writer.root, datum) === true && isRead(reader.root, datum) === false) return { datum };
      }
    }
    return undefined;
  }

  return (difference, message) => {
    try {
      const found = search(difference);
      return (
        found && { datum: found.datum, why: `it fits the writer's schema and not the reader's: ${message}` }
      );
    } catch (error) {
      if (error instanceof Problem && error.code === 'SCHEMA_TOO_COMPLEX') return undefined;
      throw error;
    }
  };
}

/** Values of a schema with a part of them put in a place. */
function embed(
  nodes: readonly JsonSchemaNode[],
  [step, ...rest]: readonly InstanceStep[],
  part: unknown,
  means: ViewMeans,
): readonly unknown[] {
  means.budget.spend(1);
  if (step === undefined) return [part];
  if (typeof step === 'number') {
    return sampleOfType(nodes, 'array', means).flatMap(({ view, value }) => {
      const items: unknown[] = Array.isArray(value) ? value.slice(0, step) : [];
      while (items.length < step)
        items.push(sampleValues(schemasOfItem(view, items.length), means)[0] ?? null);
      return embed(schemasOfItem(view, step), rest, part, means)
        .slice(0, 4)
        .map((inner) => [...items, inner, ...(Array.isArray(value) ? value.slice(step + 1) : [])]);
    });
  }
  return sampleOfType(nodes, 'object', means).flatMap(({ view, value }) =>
    embed(schemasOfProperty(view, step, means), rest, part, means)
      .slice(0, 4)
      .map((inner) => ({ ...(isRecord(value) ? value : {}), [step]: inner })),
  );
}
