import type { Findings } from '../difference.ts';
import { isSince } from '../draft.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import { compareLimit } from './compare-scalars.ts';
import { compareUnevaluated } from './compare-unevaluated.ts';
import { fitsAnything, isOpen, restSchema } from './content-model.ts';
import type { ArrayShape, Shape } from './shape.ts';
import type { ShapeComparer } from './shape-comparer.ts';

type ArrayPiece = ArrayShape & Pick<Shape, 'node'>;

/** Compares two schemas of arrays: of all items, of the items of a tuple, of those behind it, and how many there may be. */
export function compareArrays(
  comparer: ShapeComparer,
  findings: Findings,
  writer: ArrayPiece,
  reader: ArrayPiece,
): void {
  compareEvery(comparer, findings, writer, reader);
  compareTuples(comparer, findings, writer, reader);
  compareAdditional(comparer, findings, writer, reader);
  compareUnevaluated(comparer, findings, [writer.rest.unevaluated, reader.rest.unevaluated], {
    keyword: 'unevaluatedItems',
    added: 'UNEVALUATED_ITEMS_ADDED',
    removed: 'UNEVALUATED_ITEMS_REMOVED',
    extended: 'UNEVALUATED_ITEMS_EXTENDED',
    narrowed: 'UNEVALUATED_ITEMS_NARROWED',
  });
  compareCounts(findings, writer.node, reader.node);
}

function compareEvery(
  { shapeOf, compare }: ShapeComparer,
  findings: Findings,
  writer: ArrayPiece,
  reader: ArrayPiece,
): void {
  const below = { steps: ['items'] };
  if (writer.every !== undefined && reader.every !== undefined) {
    findings.take(compare(shapeOf(writer.every), shapeOf(reader.every)), { ...below, place: [0] });
  } else if (reader.every !== undefined) findings.add('SCHEMA_ADDED', below);
  else if (writer.every !== undefined) findings.add('SCHEMA_REMOVED', below);
}

function compareTuples(
  comparer: ShapeComparer,
  findings: Findings,
  writer: ArrayPiece,
  reader: ArrayPiece,
): void {
  const { shapeOf, compare } = comparer;
  for (let index = 0; index < Math.max(writer.tuple.length, reader.tuple.length); index += 1) {
    const before = writer.tuple[index];
    const after = reader.tuple[index];
    const below = { steps: ['items', index], place: [index] };
    if (before !== undefined && after !== undefined) {
      findings.take(compare(shapeOf(before), shapeOf(after)), below);
    } else if (before !== undefined) removeItem(comparer, findings, before, { reader, below });
    else if (after !== undefined) addItem(comparer, findings, after, { writer, below });
  }
}

interface ItemPlace {
  readonly steps: readonly (string | number)[];
  readonly place: readonly number[];
}

function removeItem(
  { shapeOf, compare }: ShapeComparer,
  findings: Findings,
  before: JsonSchemaNode,
  { reader, below }: { readonly reader: ArrayPiece; readonly below: ItemPlace },
): void {
  const rest = restSchema(reader.rest, shapeOf);
  if (isOpen(reader.rest, shapeOf)) findings.add('ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL', below);
  else if (rest !== undefined) {
    const covered = compare(shapeOf(before), shapeOf(rest));
    findings.take(covered, below);
    findings.add(
      covered.isCompatible
        ? 'ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
        : 'ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      below,
    );
  } else if (shapeOf(before).kind === 'false') {
    findings.add('ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL', below);
  } else findings.add('ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL', below);
}

function addItem(
  { shapeOf, compare }: ShapeComparer,
  findings: Findings,
  after: JsonSchemaNode,
  { writer, below }: { readonly writer: ArrayPiece; readonly below: ItemPlace },
): void {
  const rest = restSchema(writer.rest, shapeOf);
  if (isOpen(writer.rest, shapeOf)) {
    findings.add(
      fitsAnything(after, shapeOf)
        ? 'ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL'
        : 'ITEM_ADDED_TO_OPEN_CONTENT_MODEL',
      below,
    );
  } else if (rest !== undefined) {
    const covered = compare(shapeOf(rest), shapeOf(after));
    findings.take(covered, below);
    findings.add(
      covered.isCompatible
        ? 'ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL'
        : 'ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      below,
    );
  } else findings.add('ITEM_ADDED_TO_CLOSED_CONTENT_MODEL', below);
}

function compareAdditional(
  { shapeOf, compare }: ShapeComparer,
  findings: Findings,
  writer: ArrayPiece,
  reader: ArrayPiece,
): void {
  const below = { steps: ['additionalItems'] };
  const [before, after] = [writer.rest.schema, reader.rest.schema];
  if (writer.rest.permits !== reader.rest.permits) {
    findings.add(reader.rest.permits ? 'ADDITIONAL_ITEMS_ADDED' : 'ADDITIONAL_ITEMS_REMOVED', below);
  } else if (before === undefined && after !== undefined) findings.add('ADDITIONAL_ITEMS_NARROWED', below);
  else if (before !== undefined && after === undefined) findings.add('ADDITIONAL_ITEMS_EXTENDED', below);
  else if (before !== undefined && after !== undefined) {
    const place = [Math.max(writer.tuple.length, reader.tuple.length)];
    findings.take(compare(shapeOf(before), shapeOf(after)), { ...below, place });
  }
}

function compareCounts(findings: Findings, writer: JsonSchemaNode, reader: JsonSchemaNode): void {
  compareLimit(
    findings,
    'maxItems',
    [writer.maxItems, reader.maxItems],
    ['MAX_ITEMS_ADDED', 'MAX_ITEMS_REMOVED', 'MAX_ITEMS_INCREASED', 'MAX_ITEMS_DECREASED'],
  );
  compareLimit(
    findings,
    'minItems',
    [writer.minItems, reader.minItems],
    ['MIN_ITEMS_ADDED', 'MIN_ITEMS_REMOVED', 'MIN_ITEMS_INCREASED', 'MIN_ITEMS_DECREASED'],
  );
  if (writer.uniqueItems !== reader.uniqueItems) {
    const kind = writer.uniqueItems === true ? 'UNIQUE_ITEMS_REMOVED' : 'UNIQUE_ITEMS_ADDED';
    findings.add(kind, { steps: ['uniqueItems'] });
  }
  compareLimit(
    findings,
    'maxContains',
    [writer.maxContains, reader.maxContains],
    ['MAX_CONTAINS_ADDED', 'MAX_CONTAINS_REMOVED', 'MAX_CONTAINS_INCREASED', 'MAX_CONTAINS_DECREASED'],
  );
  compareLimit(
    findings,
    'minContains',
    [countedFrom(writer), countedFrom(reader)],
    ['MIN_CONTAINS_ADDED', 'MIN_CONTAINS_REMOVED', 'MIN_CONTAINS_INCREASED', 'MIN_CONTAINS_DECREASED'],
  );
}

/** Up to draft-07 one item that fits is what `contains` asks for, and Kafka's registry does not look. */
function countedFrom(node: JsonSchemaNode): number | undefined {
  return isSince(node.draft, '2019-09') ? node.minContains : undefined;
}
