import { isRecord } from '../../json.ts';
import { freshName } from '../fresh-name.ts';
import { inPlaceSchemas, type JsonSchemaNode } from '../json-schema-tree.ts';
import type { ViewMeans } from '../strict/view.ts';
import { textOfNoFormat } from '../validate-instance.ts';
import { sampleValues, unique } from './sample-values.ts';

/** One of every kind, for readers that ask for another one. */
const plainValues: readonly unknown[] = [null, true, 0, 1, -1, 0.5, 'a', '', '0', textOfNoFormat, [], {}];

const maxNodes = 60;
const maxText = 500;

/**
 * Values that a writer may write and a reader may refuse: those of the writer, at the reader's limits, with and without what
 * the reader names. Most are neither: who uses one validates it by both.
 */
export function breakingValues(
  writer: readonly JsonSchemaNode[],
  reader: JsonSchemaNode,
  means: ViewMeans,
): readonly unknown[] {
  const written = sampleValues(writer, means);
  const asked = besides(reader);
  const beyond = asked.flatMap(beyondLimits);
  const texts = written.filter((value) => typeof value === 'string').slice(0, 3);
  const lists = written.filter((value) => Array.isArray(value)).slice(0, 3);
  const objects = written.filter(isRecord).slice(0, 4);
  const candidates = [
    ...written,
    ...beyond,
    ...plainValues,
    ...asked.flatMap((node) => texts.flatMap((text) => ofLengths(text, node))),
    ...lists.flatMap((list) => otherLists(list, writer, asked, means)),
    ...objects.flatMap((object) => otherObjects(object, writer, asked)),
  ];
  return unique(candidates, means.budget);
}

/** A schema and those that stand beside it, a few of them. */
function besides(node: JsonSchemaNode): readonly JsonSchemaNode[] {
  const found = [node];
  // Grows while it is read.
  for (const each of found) if (found.length < maxNodes) found.push(...inPlaceSchemas(each));
  return found.slice(0, maxNodes);
}

function beyondLimits(node: JsonSchemaNode): readonly unknown[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = node;
  const limits = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].filter(
    (limit) => limit !== undefined,
  );
  const near = limits.flatMap((limit) => [limit, limit - 1, limit + 1, limit - 0.5, limit + 0.5]);
  return multipleOf === undefined ? near : [...near, multipleOf + 1, multipleOf / 2, multipleOf * 1.5];
}

/** The text made as short or as long as makes a difference. */
function ofLengths(text: string, { minLength, maxLength }: JsonSchemaNode): readonly string[] {
  const lengths = [(minLength ?? 0) - 1, (maxLength ?? -2) + 1].filter(
    (length) => length >= 0 && length <= maxText,
  );
  return lengths.map((length) => text.slice(0, length).padEnd(length, text.at(-1) ?? 'a'));
}

function otherLists(
  list: readonly unknown[],
  writer: readonly JsonSchemaNode[],
  asked: readonly JsonSchemaNode[],
  means: ViewMeans,
): readonly unknown[] {
  const items = writer.flatMap((node) => (node.items === undefined ? [] : sampleValues([node.items], means)));
  const [item = list[0] ?? 0] = items;
  const lengths = asked.flatMap(({ minItems, maxItems, maxContains }) => [
    (minItems ?? 0) - 1,
    (maxItems ?? -2) + 1,
    (maxContains ?? -2) + 1,
  ]);
  const ofLength = lengths
    .filter((length) => length >= 0 && length <= maxText)
    .map((length) => [...list.slice(0, length), ...Array(Math.max(0, length - list.length)).fill(item)]);
  const swapped = plainValues.flatMap((value) => [[value], [...list, value], [...list.slice(0, -1), value]]);
  return [...ofLength, [item, item], ...(list.length > 0 ? [[...list, list[0]]] : []), ...swapped];
}

function otherObjects(
  object: Readonly<Record<string, unknown>>,
  writer: readonly JsonSchemaNode[],
  asked: readonly JsonSchemaNode[],
): readonly unknown[] {
  const names = new Set([
    ...asked.flatMap((node) => [...(node.properties?.keys() ?? []), ...(node.required ?? [])]),
    ...asked.flatMap((node) => [
      ...(node.dependentRequired?.keys() ?? []),
      ...(node.dependentSchemas?.keys() ?? []),
    ]),
  ]);
  const fresh = freshName([...writer, ...asked]);
  const without = Object.keys(object).map((name) =>
    Object.fromEntries(Object.entries(object).filter(([key]) => key !== name)),
  );
  const values = [...plainValues.slice(0, 8), [], {}];
  const withOther = [...names, fresh]
    .slice(0, 40)
    .flatMap((name) => values.map((value) => ({ ...object, [name]: value })));
  const counts = asked.flatMap(({ maxProperties }) =>
    maxProperties === undefined ? [] : [maxProperties + 1],
  );
  const crowded = counts
    .filter((count) => count <= maxText)
    .map((count) => {
      const more = Array.from({ length: Math.max(0, count - Object.keys(object).length) }, (_, at) => [
        `${fresh}${at}`,
        0,
      ]);
      return { ...object, ...Object.fromEntries(more) };
    });
  return [...without, ...withOther, ...crowded];
}
