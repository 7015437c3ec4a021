import type { Findings } from '../difference.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import type { Containment } from './containment.ts';
import { limitsOf } from './limits.ts';
import { schemasOfItem, type View } from './view.ts';

/** Keywords for arrays. */
export function containArrays(
  containment: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  view: View,
): void {
  for (const [index, schema] of (reader.prefixItems ?? []).entries()) {
    containItem(containment, findings, { reader, index, schema }, view);
  }
  if (reader.items !== undefined) containRest(containment, findings, reader, reader.items, view);
  if (reader.unevaluatedItems !== undefined && reader.items === undefined) {
    containUnevaluated(containment, findings, reader, reader.unevaluatedItems, view);
  }
  if (reader.contains !== undefined) containContains(containment, findings, reader, reader.contains, view);
  if (reader.uniqueItems === true && !view.nodes.some((node) => node.uniqueItems === true)) {
    if (limitsOf(view.nodes).maxItems > 1) findings.add('UNIQUE_ITEMS_ADDED', { steps: ['uniqueItems'] });
  }
  containItemCounts(findings, reader, view);
}

function containItem(
  { contain }: Containment,
  findings: Findings,
  {
    reader,
    index,
    schema,
  }: { readonly reader: JsonSchemaNode; readonly index: number; readonly schema: JsonSchemaNode },
  view: View,
): void {
  if (index >= limitsOf(view.nodes).maxItems) return;
  const writers = schemasOfItem(view, index);
  const found = contain(schema, writers);
  if (found.isCompatible) return;
  const keyword = reader.draft === '2020-12' ? 'prefixItems' : 'items';
  const below = { steps: [keyword, index], place: [index] };
  if (writers.length === 0) findings.add('ITEM_ADDED_TO_OPEN_CONTENT_MODEL', below);
  else {
    findings.take(found, below);
    const isNamed = view.nodes.some((node) => (node.prefixItems?.length ?? 0) > index);
    if (!isNamed) findings.add('ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', below);
  }
}

/** Items behind those that the reader names: those that the writer names there, and all that follow. */
function containRest(
  { contain }: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  schema: JsonSchemaNode,
  view: View,
): void {
  const { maxItems } = limitsOf(view.nodes);
  const own = reader.prefixItems?.length ?? 0;
  const written = Math.max(...view.nodes.map((node) => node.prefixItems?.length ?? 0));
  const isClosed = schema.always === false;
  for (let index = own; index < Math.min(written, maxItems); index += 1) {
    const found = contain(schema, schemasOfItem(view, index));
    if (found.isCompatible) continue;
    const below = { steps: ['items', index], place: [index] };
    if (isClosed) findings.add('ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL', below);
    else {
      findings.take(found, below);
      findings.add('ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', below);
    }
  }
  const last = Math.max(own, written);
  if (last >= maxItems) return;
  const writers = schemasOfItem(view, last);
  const found = contain(schema, writers);
  if (found.isCompatible) return;
  const keyword =
    reader.draft !== '2020-12' && reader.prefixItems !== undefined ? 'additionalItems' : 'items';
  const at = { steps: [keyword], place: [last] };
  if (isClosed) findings.add('ADDITIONAL_ITEMS_REMOVED', at);
  else if (writers.length > 0) findings.take(found, at);
  else findings.add(last === 0 ? 'SCHEMA_ADDED' : 'ADDITIONAL_ITEMS_NARROWED', at);
}

/** Items that no keyword of the reader is sure to look at. Where others might, they are not asked. */
function containUnevaluated(
  { contain }: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  schema: JsonSchemaNode,
  view: View,
): void {
  const { maxItems } = limitsOf(view.nodes);
  const own = reader.prefixItems?.length ?? 0;
  const last = Math.max(own, ...view.nodes.map((node) => node.prefixItems?.length ?? 0));
  for (let index = own; index <= last && index < maxItems; index += 1) {
    if (contain(schema, schemasOfItem(view, index)).isCompatible) continue;
    const kind = schema.always === false ? 'UNEVALUATED_ITEMS_REMOVED' : 'UNEVALUATED_ITEMS_NARROWED';
    findings.add(kind, { steps: ['unevaluatedItems'] });
    return;
  }
}

function containContains(
  { contain, isSame }: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  schema: JsonSchemaNode,
  view: View,
): void {
  const { minItems, maxItems } = limitsOf(view.nodes);
  const [min, max] = [reader.minContains ?? 1, reader.maxContains ?? Number.POSITIVE_INFINITY];
  const written = view.nodes.flatMap((node) =>
    node.contains === undefined ? [] : [{ ...node, contains: node.contains }],
  );
  const fromItems = () =>
    minItems >= min && contain(schema, schemasOfItem(view, 0)).isCompatible && isUniform(view);
  const isEnough =
    min === 0 ||
    written.some((node) => (node.minContains ?? 1) >= min && contain(schema, [node.contains]).isCompatible) ||
    fromItems();
  if (!isEnough) {
    const alike = written.find((node) => isSame(node.contains, schema));
    if (alike === undefined) findings.add('CONTAINS_NARROWED', { steps: ['contains'] });
    else {
      const kind = alike.minContains === undefined ? 'MIN_CONTAINS_ADDED' : 'MIN_CONTAINS_INCREASED';
      findings.add(kind, { steps: ['minContains'] });
    }
  }
  const isFew =
    maxItems <= max ||
    written.some(
      (node) =>
        (node.maxContains ?? Number.POSITIVE_INFINITY) <= max &&
        contain(node.contains, [schema]).isCompatible,
    );
  if (isFew) return;
  const isLimited = written.some((node) => node.maxContains !== undefined);
  findings.add(isLimited ? 'MAX_CONTAINS_DECREASED' : 'MAX_CONTAINS_ADDED', { steps: ['maxContains'] });
}

/** Whether all items are held to the same. */
function isUniform({ nodes }: View): boolean {
  return nodes.every((node) => (node.prefixItems?.length ?? 0) === 0);
}

function containItemCounts(findings: Findings, reader: JsonSchemaNode, view: View): void {
  const { minItems, maxItems } = limitsOf(view.nodes);
  if (reader.minItems !== undefined && minItems < reader.minItems) {
    const hasOwn = view.nodes.some((node) => node.minItems !== undefined);
    findings.add(hasOwn ? 'MIN_ITEMS_INCREASED' : 'MIN_ITEMS_ADDED', { steps: ['minItems'] });
  }
  if (reader.maxItems !== undefined && maxItems > reader.maxItems) {
    const hasOwn = maxItems !== Number.POSITIVE_INFINITY;
    findings.add(hasOwn ? 'MAX_ITEMS_DECREASED' : 'MAX_ITEMS_ADDED', { steps: ['maxItems'] });
  }
}
