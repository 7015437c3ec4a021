import { canonicalJson } from '@spine/kernel/canonical-json';
import type { Budget } from '../budget.ts';
import { freshName } from '../fresh-name.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import { limitsOf } from '../strict/limits.ts';
import { listViews, schemasOfItem, schemasOfProperty, type View, type ViewMeans } from '../strict/view.ts';
import { weighValue } from './weigh-value.ts';

/** Values deeper than this, and longer, show nobody more. */
const maxDepth = 5;
const maxLength = 100;
const maxSamples = 12;
const maxWeight = 300;

const anything: readonly unknown[] = ['a', 0, true, null, {}, []];

const textOfFormat = new Map([
  ['date', '2024-02-29'],
  ['date-time', '2024-02-29T12:00:00Z'],
  ['time', '12:00:00Z'],
  ['email', 'a@example.org'],
  ['uuid', '00000000-0000-4000-8000-000000000000'],
  ['uri', 'https://example.org/'],
  ['ipv4', '192.0.2.1'],
]);

/** A few values that are likely to fit all of some schemas, the plainest first. Nothing is promised: who uses one validates it. */
export function sampleValues(
  nodes: readonly JsonSchemaNode[],
  means: ViewMeans,
  opened: readonly JsonSchemaNode[] = [],
): readonly unknown[] {
  if (nodes.length === 0) return anything;
  if (opened.length > maxDepth) return [];
  means.budget.spend(1);
  const views = listViews(nodes, means).slice(0, maxSamples);
  const byView = views.map((view) => view.values ?? sampleView(view, means, opened));
  return unique(takeTurns(byView), means.budget).slice(0, maxSamples);
}

/** Objects or arrays that are likely to fit, to be filled with more. */
export function sampleOfType(
  nodes: readonly JsonSchemaNode[],
  type: 'object' | 'array',
  means: ViewMeans,
): readonly { readonly view: View; readonly value: unknown }[] {
  const views = listViews(nodes, means).filter((view) => view.type === type);
  return views.slice(0, 4).flatMap((view) => sampleView(view, means, []).map((value) => ({ view, value })));
}

function sampleView(view: View, means: ViewMeans, opened: readonly JsonSchemaNode[]): readonly unknown[] {
  const [first] = view.nodes;
  // An object that must have itself inside has no end.
  if (first === undefined || opened.includes(first)) return [];
  const inside = [...opened, first];
  switch (view.type) {
    case 'number':
    case 'integer':
      return sampleNumbers(view);
    case 'string':
      return sampleStrings(view, means);
    case 'array':
      return sampleArrays(view, means, inside);
    case 'object':
      return sampleObjects(view, means, inside);
    default:
      return view.values ?? [];
  }
}

function sampleNumbers({ nodes, type }: View): readonly number[] {
  const { low, isLowOut, high, isHighOut } = limitsOf(nodes);
  const step = nodes.find((node) => node.multipleOf !== undefined)?.multipleOf ?? 1;
  const up = (value: number) => Math.ceil(value / step) * step;
  const found = [0, step, -step, up(low) + (isLowOut ? step : 0), up(high) - step, high];
  if (type === 'number' && step === 1)
    found.push((Math.max(low, high - 1) + Math.min(high, low + 1)) / 2, 0.5);
  return found.filter(
    (value) =>
      Number.isFinite(value) &&
      (isLowOut ? value > low : value >= low) &&
      (isHighOut ? value < high : value <= high),
  );
}

function sampleStrings({ nodes }: View, { patternOf }: ViewMeans): readonly string[] {
  const { minLength, maxLength: most } = limitsOf(nodes);
  const pattern = nodes.find((node) => node.pattern !== undefined)?.pattern;
  if (pattern !== undefined) {
    const samples = patternOf(pattern)?.samples() ?? [];
    return samples.flatMap((sample) => [
      sample,
      sample.padEnd(Math.min(minLength, maxLength), sample.at(-1) ?? 'a'),
    ]);
  }
  const formatted = nodes.flatMap(({ format }) => textOfFormat.get(format ?? '') ?? []);
  const shortest = 'a'.repeat(Math.min(Math.max(minLength, Math.min(1, most)), maxLength));
  const longest = 'a'.repeat(Math.min(most, minLength + 20, maxLength));
  return [...formatted, shortest, 'a'.repeat(Math.min(minLength, maxLength)), longest];
}

function sampleArrays(view: View, means: ViewMeans, inside: readonly JsonSchemaNode[]): readonly unknown[] {
  const { minItems, maxItems } = limitsOf(view.nodes);
  const wanted = view.nodes.flatMap((node) =>
    node.contains === undefined
      ? []
      : sampleValues([node.contains], means, inside).slice(0, node.minContains ?? 1),
  );
  const isUnique = view.nodes.some((node) => node.uniqueItems === true);
  const named = Math.max(0, ...view.nodes.map((node) => node.prefixItems?.length ?? 0));
  return [minItems, minItems + 1, named, named + 1]
    .filter((length) => length <= Math.min(maxItems, maxLength))
    .map((length) => {
      const items: unknown[] = [];
      for (let index = 0; index < Math.max(length, Math.min(wanted.length, maxItems)); index += 1) {
        const samples = [
          ...wanted.slice(index, index + 1),
          ...sampleValues(schemasOfItem(view, index), means, inside),
        ];
        const item = isUnique ? samples.find((sample) => !includes(items, sample)) : samples[0];
        if (item === undefined) break;
        items.push(item);
      }
      return items;
    });
}

function sampleObjects(view: View, means: ViewMeans, inside: readonly JsonSchemaNode[]): readonly unknown[] {
  const limits = limitsOf(view.nodes);
  const declared = [...new Set(view.nodes.flatMap((node) => [...(node.properties?.keys() ?? [])]))];
  const sampled = new Map<string, readonly unknown[]>();
  const sampleOf = (name: string) => {
    const samples = sampled.get(name) ?? sampleValues(schemasOfProperty(view, name, means), means, inside);
    sampled.set(name, samples);
    return samples;
  };
  const least = new Map<string, unknown>();
  const add = (object: Map<string, unknown>, name: string) => {
    const [sample] = sampleOf(name);
    if (sample !== undefined) object.set(name, sample);
  };
  for (const name of limits.required) add(least, name);
  for (const name of declared) if (least.size < limits.minProperties) add(least, name);
  for (let more = 0; least.size < limits.minProperties && more < maxLength; more += 1) {
    add(least, `${freshName(view.nodes)}${more}`);
  }
  const full = new Map(least);
  if (inside.length < 3)
    for (const name of declared.slice(0, maxLength)) if (full.size < limits.maxProperties) add(full, name);
  const found: unknown[] = [Object.fromEntries(least), Object.fromEntries(full)];
  // The other values of a property that there must be, as one that names the kind of object.
  for (const [name] of [...least].slice(0, 4)) {
    for (const sample of sampleOf(name).slice(1, 4))
      found.push({ ...Object.fromEntries(least), [name]: sample });
  }
  return found;
}

function includes(items: readonly unknown[], value: unknown): boolean {
  const text = canonicalJson(value);
  return items.some((item) => canonicalJson(item) === text);
}

/** Each value once, and none that is made of so many that nobody could read it. */
export function unique(values: readonly unknown[], budget: Budget): readonly unknown[] {
  const found = new Map<string, unknown>();
  for (const value of values) {
    const weight = weighValue(value, maxWeight);
    budget.spend(Math.ceil(weight / 4));
    if (weight <= maxWeight) found.set(canonicalJson(value), value);
  }
  return [...found.values()];
}

/** The first of each list, then the second of each. */
function takeTurns(lists: readonly (readonly unknown[])[]): readonly unknown[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: Math.min(longest, maxSamples) }, (_, index) =>
    lists.flatMap((list) => (index < list.length ? [list[index]] : [])),
  ).flat();
}
