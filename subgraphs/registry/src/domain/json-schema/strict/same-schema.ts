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
      const inner = left === right ? [] : partsOf(left, right);
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

type Pairs = [JsonSchemaNode, JsonSchemaNode][];

/** The schemas inside two schemas, by where they stand; undefined if the two differ in anything else. */
function partsOf(one: JsonSchemaNode, other: JsonSchemaNode): Pairs | undefined {
  if (one.isOpaque || other.isOpaque) return undefined;
  const members = new Set(
    [...Object.keys(one), ...Object.keys(other)].filter((member) => !silent.has(member)),
  );
  const pairs: Pairs = [];
  for (const member of members) {
    const inner = pairUp(Reflect.get(one, member), Reflect.get(other, member));
    if (inner === undefined) return undefined;
    pairs.push(...inner);
  }
  return pairs;
}

function pairUp(one: unknown, other: unknown): Pairs | undefined {
  if (isNode(one) && isNode(other)) return [[one, other]];
  if (Array.isArray(one) && Array.isArray(other) && one.some(isNode)) {
    return one.length === other.length
      ? join(one.map((item, index) => pairUp(item, other[index])))
      : undefined;
  }
  if (one instanceof Map && other instanceof Map) {
    if (one.size !== other.size) return undefined;
    return join([...one].map(([name, item]) => pairUp(item, other.get(name))));
  }
  if (isCondition(one) && isCondition(other)) {
    return join([pairUp(one.holds, other.holds), pairUp(one.yes, other.yes), pairUp(one.no, other.no)]);
  }
  if (isNode(one) || isNode(other) || one instanceof Map || other instanceof Map) return undefined;
  return canonicalJson(one ?? null) === canonicalJson(other ?? null) ? [] : undefined;
}

function join(all: readonly (Pairs | undefined)[]): Pairs | undefined {
  return all.every((each) => each !== undefined) ? all.flat() : undefined;
}

function isNode(value: unknown): value is JsonSchemaNode {
  return typeof value === 'object' && value !== null && 'annotations' in value && 'path' in value;
}

function isCondition(value: unknown): value is NonNullable<JsonSchemaNode['condition']> {
  return typeof value === 'object' && value !== null && 'holds' in value;
}
