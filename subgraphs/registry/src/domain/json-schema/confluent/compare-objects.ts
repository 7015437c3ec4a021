import type { Comparison, Findings } from '../difference.ts';
import { freshName } from '../fresh-name.ts';
import type { DifferenceKind } from '../json-kinds.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import { compareDependencies } from './compare-dependencies.ts';
import { compareLimit } from './compare-scalars.ts';
import { compareUnevaluated } from './compare-unevaluated.ts';
import { findByPattern, fitsAnything, isOpen, restSchema } from './content-model.ts';
import type { ObjectShape, Shape } from './shape.ts';
import type { ShapeComparer } from './shape-comparer.ts';

type ObjectPiece = ObjectShape & Pick<Shape, 'node'>;

/** Compares two schemas of objects. What may be added is asked of the writer's content model, what may go of the reader's. */
export function compareObjects(
  comparer: ShapeComparer,
  findings: Findings,
  writer: ObjectPiece,
  reader: ObjectPiece,
): void {
  compareRequired(findings, writer.node, reader.node);
  compareProperties(comparer, findings, writer, reader);
  compareDependencies(comparer, findings, writer.node, reader.node);
  compareAdditional(comparer, findings, writer, reader);
  compareUnevaluated(comparer, findings, [writer.rest.unevaluated, reader.rest.unevaluated], {
    keyword: 'unevaluatedProperties',
    added: 'UNEVALUATED_PROPERTIES_ADDED',
    removed: 'UNEVALUATED_PROPERTIES_REMOVED',
    extended: 'UNEVALUATED_PROPERTIES_EXTENDED',
    narrowed: 'UNEVALUATED_PROPERTIES_NARROWED',
  });
  compareLimit(
    findings,
    'maxProperties',
    [writer.node.maxProperties, reader.node.maxProperties],
    [
      'MAX_PROPERTIES_ADDED',
      'MAX_PROPERTIES_REMOVED',
      'MAX_PROPERTIES_INCREASED',
      'MAX_PROPERTIES_DECREASED',
    ],
  );
  compareLimit(
    findings,
    'minProperties',
    [writer.node.minProperties, reader.node.minProperties],
    [
      'MIN_PROPERTIES_ADDED',
      'MIN_PROPERTIES_REMOVED',
      'MIN_PROPERTIES_INCREASED',
      'MIN_PROPERTIES_DECREASED',
    ],
  );
}

/** Only of properties that both name: of the others it is told where they are added. */
function compareRequired(findings: Findings, writer: JsonSchemaNode, reader: JsonSchemaNode): void {
  const [before, after] = [new Set(writer.required), new Set(reader.required)];
  for (const name of writer.properties?.keys() ?? []) {
    const node = reader.properties?.get(name);
    if (node === undefined || before.has(name) === after.has(name)) continue;
    const at = { steps: ['required', name] };
    if (before.has(name)) findings.add('REQUIRED_ATTRIBUTE_REMOVED', at);
    else
      findings.add(
        hasDefault(node) ? 'REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED' : 'REQUIRED_ATTRIBUTE_ADDED',
        at,
      );
  }
}

function compareProperties(
  comparer: ShapeComparer,
  findings: Findings,
  writer: ObjectPiece,
  reader: ObjectPiece,
): void {
  const { shapeOf, compare } = comparer;
  for (const [name, before] of writer.node.properties ?? []) {
    const after = reader.node.properties?.get(name);
    const below = { steps: ['properties', name], place: [name] };
    if (after !== undefined) findings.take(compare(shapeOf(before), shapeOf(after)), below);
    else removeProperty(comparer, findings, before, { reader, name, below });
  }
  for (const [name, after] of reader.node.properties ?? []) {
    if (writer.node.properties?.has(name) !== true) {
      addProperty(comparer, findings, after, { writer, reader, name });
    }
  }
}

function removeProperty(
  comparer: ShapeComparer,
  findings: Findings,
  before: JsonSchemaNode,
  {
    reader,
    name,
    below,
  }: { reader: ObjectPiece; name: string; below: { steps: readonly string[]; place: readonly string[] } },
): void {
  const { shapeOf, compare } = comparer;
  if (isOpenObject(reader, shapeOf)) {
    findings.add('PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL', below);
    return;
  }
  const rest = schemaOfRest(reader, name, comparer);
  if (rest !== undefined) {
    const covered = compare(shapeOf(before), shapeOf(rest));
    findings.take(covered, below);
    findings.add(
      coverage(
        covered,
        'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
        'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      ),
      below,
    );
    return;
  }
  const wasNever = shapeOf(before).kind === 'false';
  findings.add(
    wasNever
      ? 'PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL'
      : 'PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL',
    below,
  );
}

function addProperty(
  comparer: ShapeComparer,
  findings: Findings,
  after: JsonSchemaNode,
  { writer, reader, name }: { writer: ObjectPiece; reader: ObjectPiece; name: string },
): void {
  const { shapeOf, compare } = comparer;
  const below = { steps: ['properties', name], place: [name] };
  const isRequired = reader.node.required?.includes(name) === true;
  if (isOpenObject(writer, shapeOf)) {
    if (fitsAnything(after, shapeOf))
      findings.add('PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL', below);
    else if (!isRequired) findings.add('OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', below);
    else if (hasDefault(after))
      findings.add('REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL', below);
    else findings.add('REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', below);
    return;
  }
  const rest = schemaOfRest(writer, name, comparer);
  if (rest !== undefined) {
    const covered = compare(shapeOf(rest), shapeOf(after));
    findings.take(covered, below);
    findings.add(
      coverage(
        covered,
        'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
        'PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL',
      ),
      below,
    );
  }
  if (!isRequired) findings.add('OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL', below);
  else if (hasDefault(after))
    findings.add('REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL', below);
  else findings.add('REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL', below);
}

function compareAdditional(
  { shapeOf, compare }: ShapeComparer,
  findings: Findings,
  writer: ObjectPiece,
  reader: ObjectPiece,
): void {
  const below = { steps: ['additionalProperties'] };
  const [before, after] = [writer.rest.schema, reader.rest.schema];
  if (writer.rest.permits !== reader.rest.permits) {
    findings.add(
      reader.rest.permits ? 'ADDITIONAL_PROPERTIES_ADDED' : 'ADDITIONAL_PROPERTIES_REMOVED',
      below,
    );
  } else if (before === undefined && after !== undefined) {
    findings.add('ADDITIONAL_PROPERTIES_NARROWED', below);
  } else if (before !== undefined && after === undefined) {
    findings.add('ADDITIONAL_PROPERTIES_EXTENDED', below);
  } else if (before !== undefined && after !== undefined) {
    const name = freshName([writer.node, reader.node]);
    findings.take(compare(shapeOf(before), shapeOf(after)), { ...below, place: [name] });
  }
}

function isOpenObject({ node, rest }: ObjectPiece, shapeOf: ShapeComparer['shapeOf']): boolean {
  return (node.patternProperties?.size ?? 0) === 0 && isOpen(rest, shapeOf);
}

function schemaOfRest(
  { node, rest }: ObjectPiece,
  name: string,
  { shapeOf, patternOf }: ShapeComparer,
): JsonSchemaNode | undefined {
  return findByPattern(node.patternProperties, name, patternOf) ?? restSchema(rest, shapeOf);
}

function coverage(covered: Comparison, yes: DifferenceKind, no: DifferenceKind): DifferenceKind {
  return covered.isCompatible ? yes : no;
}

/** Whether a value that is not there has one all the same: said at the property, or by what it refers to. */
function hasDefault(node: JsonSchemaNode): boolean {
  for (let at: JsonSchemaNode | undefined = node; at !== undefined; at = at.ref) {
    if (at.annotations.default !== undefined) return true;
  }
  return false;
}
