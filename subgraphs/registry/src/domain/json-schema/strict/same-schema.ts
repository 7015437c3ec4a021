import { canonicalJson } from '@spine/kernel/canonical-json';
import type { Budget } from '../budget.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import { createPairTable } from '../pair-table.ts';

/** Whether two schemas surely take the same values, being built alike. They may be of two texts, and lead into themselves. */
export type SameSchema = (one: JsonSchemaNode, other: JsonSchemaNode) => boolean;

/** Schemas of more parts than this are not found to be the same, which is safe. */
const maxPairs = 3_000;

/** Members that hold no value to anything. */
const silent = new Set(['document', 'path', 'json', 'annotations', 'draft']);

/** Compares schemas part by part. Parts that lead back to where the comparison began are no difference. */
export function createSameSchema(budget: Budget): SameSchema {
  const known = createPairTable<JsonSchemaNode, boolean>();

  return (one, other) => {
    budget.spend(1);
    const before = known.get(one, other);
    if (before !== undefined) return before;
    const pairs: [JsonSchemaNode, JsonSchemaNode][] = [[one, other]];
    const seen = createPairTable<JsonSchemaNode, true>();
    seen.set(one, other, true);
    let isSame = true;
    // Grows while it is read.
    for (const [left, right] of pairs) {
      budget.spend(10);
      const inner = left === right ? [] : partsOf(left, right, budget);
      if (inner === undefined || pairs.length > maxPairs) {
        isSame = false;
        break;
      }
      for (const pair of inner) {
        if (seen.get(...pair) === true) continue;
        seen.set(...pair, true);
        pairs.push(pair);
      }
    }
    // What is the same as a whole is the same in every part; of what is not, only the whole is known.
    if (isSame) for (const pair of pairs) known.set(...pair, true);
    else known.set(one, other, false);
    return isSame;
  };
}

/** Members that hold what a schema's author wrote, which may look like anything. */
const holdsValues = new Set(['values', 'constant']);

type Pairs = [JsonSchemaNode, JsonSchemaNode][];

/** The schemas inside two schemas, by where they stand; undefined if the two differ in anything else. */
function partsOf(one: JsonSchemaNode, other: JsonSchemaNode, budget: Budget): Pairs | undefined {
  if (one.isOpaque || other.isOpaque) return undefined;
  const members = new Set(
    [...Object.keys(one), ...Object.keys(other)].filter((member) => !silent.has(member)),
  );
  const pairs: Pairs = [];
  for (const member of members) {
    const [left, right] = [Reflect.get(one, member), Reflect.get(other, member)];
    const inner = holdsValues.has(member) ? sameValues(left, right, budget) : pairUp(left, right, budget);
    if (inner === undefined) return undefined;
    pairs.push(...inner);
  }
  return pairs;
}

function pairUp(one: unknown, other: unknown, budget: Budget): Pairs | undefined {
  if (one === other) return [];
  if (isNode(one) && isNode(other)) return [[one, other]];
  if (isNodes(one) && isNodes(other)) {
    budget.spend(one.length);
    return one.length === other.length
      ? join(one.map((item, index) => pairUp(item, other[index], budget)))
      : undefined;
  }
  if (one instanceof Map && other instanceof Map) {
    if (one.size !== other.size) return undefined;
    budget.spend(one.size);
    return join([...one].map(([name, item]) => pairUp(item, other.get(name), budget)));
  }
  if (isCondition(one) && isCondition(other)) {
    const members = ['holds', 'yes', 'no'] as const;
    return join(members.map((member) => pairUp(one[member], other[member], budget)));
  }
  // A schema is no value, and may be half of the text: what only one side has is not written out.
  if ([one, other].some((each) => isNode(each) || isNodes(each) || each instanceof Map || isCondition(each)))
    return undefined;
  return sameValues(one, other, budget);
}

/** No pairs where two values are the same. */
function sameValues(one: unknown, other: unknown, budget: Budget): Pairs | undefined {
  if (one === other) return [];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return undefined;
  const text = canonicalJson(one);
  budget.spend(Math.ceil(text.length / 10));
  return text === canonicalJson(other) ? [] : undefined;
}

function join(all: readonly (Pairs | undefined)[]): Pairs | undefined {
  return all.every((each) => each !== undefined) ? all.flat() : undefined;
}

function isNode(value: unknown): value is JsonSchemaNode {
  return typeof value === 'object' && value !== null && 'annotations' in value && 'path' in value;
}

function isNodes(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.some(isNode);
}

function isCondition(value: unknown): value is NonNullable<JsonSchemaNode['condition']> {
  return typeof value === 'object' && value !== null && 'holds' in value;
}
