import type { Budget } from '../budget.ts';
import { inPlaceSchemas, type JsonSchemaNode, type JsonType } from '../json-schema-tree.ts';
import type { Patterns } from '../pattern/pattern.ts';
import { isOfType, type ValidateInstance } from '../validate-instance.ts';

/**
 * One way to keep to a writer's schema: the schemas that a value then fits, all of them, and the type that it has. The values
 * of all views together are at least those of the schema, and may be a few more.
 */
export interface View {
  readonly nodes: readonly JsonSchemaNode[];
  readonly type: JsonType;
  /** All values there are, where they can be told. */
  readonly values?: readonly unknown[] | undefined;
}

/** More ways are not told apart: the alternatives behind them are left out, which only makes the writer write more. */
const maxViews = 64;

const allTypes: readonly JsonType[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** What is needed to tell ways apart. */
export interface ViewMeans {
  readonly budget: Budget;
  readonly patternOf: Patterns;
  readonly validate: ValidateInstance;
}

/** Every way to keep to all of some schemas. */
export function listViews(nodes: readonly JsonSchemaNode[], means: ViewMeans): readonly View[] {
  return listWays(nodes, means.budget).flatMap((way) => {
    means.budget.spend(way.length);
    return splitByType(way, means.validate);
  });
}

/** What a value fits beside, one or the other. */
type Choice = readonly (readonly JsonSchemaNode[])[];

interface Way {
  readonly nodes: ReadonlySet<JsonSchemaNode>;
  readonly open: readonly Choice[];
}

function listWays(nodes: readonly JsonSchemaNode[], budget: Budget): readonly (readonly JsonSchemaNode[])[] {
  const done: (readonly JsonSchemaNode[])[] = [];
  const pending = [gather({ nodes: new Set(), open: [] }, nodes)];
  for (let way = pending.pop(); way !== undefined; way = pending.pop()) {
    // A set is copied quickly, next to all that is asked of it later.
    budget.spend(2 + Math.ceil(way.nodes.size / 8));
    const [choice, ...open] = way.open;
    if (choice === undefined) done.push([...way.nodes]);
    else if (done.length + pending.length + choice.length > maxViews) pending.push({ ...way, open });
    else for (const chosen of choice.toReversed()) pending.push(gather({ nodes: way.nodes, open }, chosen));
  }
  return done;
}

function gather(before: Way, more: readonly JsonSchemaNode[]): Way {
  const nodes = new Set(before.nodes);
  const open = [...before.open];
  const pending = [...more];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (nodes.has(node)) continue;
    nodes.add(node);
    if (node.ref !== undefined) pending.push(node.ref);
    pending.push(...(node.allOf ?? []));
    for (const sum of [node.anyOf, node.oneOf])
      if (sum !== undefined) open.push(sum.map((branch) => [branch]));
    if (node.condition !== undefined) {
      const { holds, yes, no } = node.condition;
      open.push([yes === undefined ? [holds] : [holds, yes], no === undefined ? [] : [no]]);
    }
  }
  return { nodes, open };
}

function splitByType(nodes: readonly JsonSchemaNode[], validate: ValidateInstance): readonly View[] {
  if (nodes.some((node) => node.always === false)) return [];
  const listed = nodes.flatMap(({ values, constant }) => {
    if (constant !== undefined) return [[constant.value]];
    return values === undefined ? [] : [values];
  });
  const values = listed.toSorted((one, other) => one.length - other.length)[0];
  return typesOf(nodes).flatMap((type): readonly View[] => {
    const known = values ?? (type === 'null' ? [null] : type === 'boolean' ? [true, false] : undefined);
    if (known === undefined) return [{ nodes, type }];
    const possible = known.filter(
      (value) => isOfType(value, type) && nodes.every((node) => validate(node, value) !== false),
    );
    return possible.length === 0 ? [] : [{ nodes, type, values: possible }];
  });
}

/** The types that all of some schemas allow. Whole numbers are told apart only where there are no others. */
function typesOf(nodes: readonly JsonSchemaNode[]): readonly JsonType[] {
  let types = allTypes;
  for (const node of nodes) {
    if (node.types === undefined) continue;
    const { types: allowed } = node;
    types = types.flatMap((type): readonly JsonType[] => {
      if (allowed.includes(type)) return [type];
      if (type === 'number' && allowed.includes('integer')) return ['integer'];
      return type === 'integer' && allowed.includes('number') ? ['integer'] : [];
    });
  }
  return types;
}

const plain = { draft: '2020-12', document: '', path: '', annotations: {} } as const;

/** Fits nothing. */
const nothing: JsonSchemaNode = { ...plain, json: false, always: false };

const typeSchemas: ReadonlyMap<JsonType, JsonSchemaNode> = new Map(
  ([...allTypes, 'integer'] as const).map((type) => [type, { ...plain, json: { type }, types: [type] }]),
);

/** The schema that takes all values of a type. */
export function typeSchema(type: JsonType): JsonSchemaNode {
  return typeSchemas.get(type) ?? nothing;
}

/** The schemas that a property of a value is held to, at least. None means that it may be anything. */
export function schemasOfProperty(
  { nodes }: View,
  name: string,
  { budget, patternOf, validate }: ViewMeans,
): readonly JsonSchemaNode[] {
  budget.spend(Math.ceil(nodes.length / 4));
  const found: JsonSchemaNode[] = [];
  for (const node of nodes) {
    const own = node.properties?.get(name);
    if (own !== undefined) found.push(own);
    let isNamed = own !== undefined;
    for (const [pattern, schema] of node.patternProperties ?? []) {
      const matches = patternOf(pattern)?.matches(name);
      if (matches === true) found.push(schema);
      // Where it is not known whether it matches, neither this schema nor that of the rest is sure to count.
      if (matches !== false) isNamed = true;
    }
    if (!isNamed && node.additionalProperties !== undefined) found.push(node.additionalProperties);
    if (node.unevaluatedProperties !== undefined && !mayLookAt(node, name, patternOf)) {
      found.push(node.unevaluatedProperties);
    }
    if (node.propertyNames !== undefined && validate(node.propertyNames, name) === false) found.push(nothing);
  }
  return found;
}

/** The schemas that properties without a name in any of the schemas are held to, at least. */
export function schemasOfRest({ nodes }: View): readonly JsonSchemaNode[] {
  return nodes.flatMap((node) => {
    if (node.additionalProperties !== undefined) return [node.additionalProperties];
    const { unevaluatedProperties } = node;
    return unevaluatedProperties !== undefined && !inPlaceSchemas(node).some(looksAtRest)
      ? [unevaluatedProperties]
      : [];
  });
}

/** The schemas that an item is held to, at least. */
export function schemasOfItem({ nodes }: View, index: number): readonly JsonSchemaNode[] {
  return nodes.flatMap((node) => {
    const own = node.prefixItems?.[index] ?? node.items;
    if (own !== undefined) return [own];
    const { unevaluatedItems } = node;
    return unevaluatedItems !== undefined &&
      node.contains === undefined &&
      !inPlaceSchemas(node).some(looksAtItems)
      ? [unevaluatedItems]
      : [];
  });
}

function mayLookAt(node: JsonSchemaNode, name: string, patternOf: Patterns): boolean {
  if (node.isOpaque || node.additionalProperties !== undefined || node.properties?.has(name) === true)
    return true;
  const patterns = [...(node.patternProperties?.keys() ?? [])];
  if (patterns.some((pattern) => patternOf(pattern)?.matches(name) !== false)) return true;
  return inPlaceSchemas(node).some(
    (inner) => inner.unevaluatedProperties ?? mayLookAt(inner, name, patternOf),
  );
}

function looksAtRest(node: JsonSchemaNode): boolean {
  if (node.isOpaque || node.additionalProperties !== undefined) return true;
  if (node.unevaluatedProperties !== undefined || node.patternProperties !== undefined) return true;
  return inPlaceSchemas(node).some(looksAtRest);
}

function looksAtItems(node: JsonSchemaNode): boolean {
  const { isOpaque, items, prefixItems, unevaluatedItems, contains } = node;
  if ([isOpaque, items, prefixItems, unevaluatedItems, contains].some((each) => each !== undefined))
    return true;
  return inPlaceSchemas(node).some(looksAtItems);
}
