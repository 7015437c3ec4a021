import type { Policy } from '../check-rules.ts';
import { pointer } from '../json.ts';
import type { Budget } from './budget.ts';
import { type DifferenceKind, isBreach } from './json-kinds.ts';
import type { JsonSchemaNode } from './json-schema-tree.ts';

/** One difference between what a writer and a reader have in the same place. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** JSON pointer, by the keywords that lead there; references are steps without a name. */
  readonly path: string;
  /** The way into a value, to the part of it that the two schemas are about. */
  readonly place: readonly InstanceStep[];
  readonly writer: JsonSchemaNode;
  readonly reader: JsonSchemaNode;
}

/** Into an object by name, or into an array by position. */
export type InstanceStep = string | number;

/** What is found between two schemas, from there on. */
export interface Comparison {
  readonly isCompatible: boolean;
  readonly differences: readonly Difference[];
}

/** The place of one keyword below the schemas that are compared. */
export interface Below {
  readonly steps?: readonly (string | number)[];
  readonly place?: readonly InstanceStep[];
}

/** Gathers what is found between two schemas. */
export interface Findings {
  /** The schemas that are compared themselves differ, at a keyword of theirs. */
  add(kind: DifferenceKind, below?: Pick<Below, 'steps'>): void;
  /** Takes over what was found between two schemas inside these. */
  take(inner: Comparison, below?: Below): void;
  comparison(): Comparison;
}

/** More breaches, and more differences that are none, nobody reads. The verdict does not rest on what is left out. */
const maxListed = 1_000;

export function createFindings(
  pair: { readonly writer: JsonSchemaNode; readonly reader: JsonSchemaNode },
  policy: Policy,
  budget: Budget,
): Findings {
  const differences: Difference[] = [];
  const listed = { breaches: 0, others: 0 };
  let isCompatible = true;

  function list(difference: Difference): void {
    const side = isBreach(difference.kind, policy) ? 'breaches' : 'others';
    if (listed[side] === maxListed) return;
    listed[side] += 1;
    differences.push(difference);
  }

  const prefix = (steps: readonly (string | number)[] = []) => steps.reduce<string>(pointer, '');
  return {
    add(kind, { steps } = {}) {
      budget.spend(1);
      if (isBreach(kind, policy)) isCompatible = false;
      list({ ...pair, kind, path: prefix(steps), place: [] });
    },
    take(inner, { steps, place = [] } = {}) {
      budget.spend(1 + inner.differences.length);
      if (!inner.isCompatible) isCompatible = false;
      const path = prefix(steps);
      for (const found of inner.differences) {
        list({ ...found, path: `${path}${found.path}`, place: [...place, ...found.place] });
      }
    },
    comparison: () => ({ isCompatible, differences }),
  };
}
