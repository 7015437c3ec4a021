import { canonicalJson } from '@spine/kernel/canonical-json';
import type { Findings } from '../difference.ts';
import type { DifferenceKind } from '../json-kinds.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import { isMultiple } from '../numbers.ts';
import type { NumberShape, Shape } from './shape.ts';

/** The words for a limit that appears, goes away, rises, falls. */
export type LimitKinds = readonly [DifferenceKind, DifferenceKind, DifferenceKind, DifferenceKind];

/** Compares a limit that both, one or none of two schemas have. */
export function compareLimit(
  findings: Findings,
  keyword: string,
  [writer, reader]: readonly [number | undefined, number | undefined],
  [added, removed, increased, decreased]: LimitKinds,
): void {
  const at = { steps: [keyword] };
  if (writer === reader) return;
  if (writer === undefined) findings.add(added, at);
  else if (reader === undefined) findings.add(removed, at);
  else findings.add(writer < reader ? increased : decreased, at);
}

export function compareAnnotations(findings: Findings, writer: JsonSchemaNode, reader: JsonSchemaNode): void {
  const [one, other] = [writer.annotations, reader.annotations];
  if (one.id !== other.id) findings.add('ID_CHANGED');
  if (one.title !== other.title) findings.add('TITLE_CHANGED');
  if (one.description !== other.description) findings.add('DESCRIPTION_CHANGED');
  if (canonicalJson(one.default ?? null) !== canonicalJson(other.default ?? null))
    findings.add('DEFAULT_CHANGED');
}

export function compareStrings(findings: Findings, writer: JsonSchemaNode, reader: JsonSchemaNode): void {
  compareLimit(
    findings,
    'maxLength',
    [writer.maxLength, reader.maxLength],
    ['MAX_LENGTH_ADDED', 'MAX_LENGTH_REMOVED', 'MAX_LENGTH_INCREASED', 'MAX_LENGTH_DECREASED'],
  );
  compareLimit(
    findings,
    'minLength',
    [writer.minLength, reader.minLength],
    ['MIN_LENGTH_ADDED', 'MIN_LENGTH_REMOVED', 'MIN_LENGTH_INCREASED', 'MIN_LENGTH_DECREASED'],
  );
  if (writer.pattern === reader.pattern) return;
  const at = { steps: ['pattern'] };
  if (writer.pattern === undefined) findings.add('PATTERN_ADDED', at);
  else findings.add(reader.pattern === undefined ? 'PATTERN_REMOVED' : 'PATTERN_CHANGED', at);
}

type NumberPiece = NumberShape & Pick<Shape, 'node'>;

export function compareNumbers(findings: Findings, writer: NumberPiece, reader: NumberPiece): void {
  const [one, other] = [writer.node, reader.node];
  compareLimit(
    findings,
    'maximum',
    [one.maximum, other.maximum],
    ['MAXIMUM_ADDED', 'MAXIMUM_REMOVED', 'MAXIMUM_INCREASED', 'MAXIMUM_DECREASED'],
  );
  compareLimit(
    findings,
    'minimum',
    [one.minimum, other.minimum],
    ['MINIMUM_ADDED', 'MINIMUM_REMOVED', 'MINIMUM_INCREASED', 'MINIMUM_DECREASED'],
  );
  compareLimit(
    findings,
    'exclusiveMaximum',
    [exclusiveLimit(one, 'exclusiveMaximum'), exclusiveLimit(other, 'exclusiveMaximum')],
    [
      'EXCLUSIVE_MAXIMUM_ADDED',
      'EXCLUSIVE_MAXIMUM_REMOVED',
      'EXCLUSIVE_MAXIMUM_INCREASED',
      'EXCLUSIVE_MAXIMUM_DECREASED',
    ],
  );
  compareLimit(
    findings,
    'exclusiveMinimum',
    [exclusiveLimit(one, 'exclusiveMinimum'), exclusiveLimit(other, 'exclusiveMinimum')],
    [
      'EXCLUSIVE_MINIMUM_ADDED',
      'EXCLUSIVE_MINIMUM_REMOVED',
      'EXCLUSIVE_MINIMUM_INCREASED',
      'EXCLUSIVE_MINIMUM_DECREASED',
    ],
  );
  compareMultiples(findings, one.multipleOf, other.multipleOf);
  if (writer.isInteger !== reader.isInteger)
    findings.add(writer.isInteger ? 'TYPE_EXTENDED' : 'TYPE_NARROWED');
}

/** In draft-04 the word is true or false, and Kafka's registry does not look at it. */
function exclusiveLimit(
  node: JsonSchemaNode,
  keyword: 'exclusiveMinimum' | 'exclusiveMaximum',
): number | undefined {
  return node.draft === 'draft-04' ? undefined : node[keyword];
}

function compareMultiples(findings: Findings, writer: number | undefined, reader: number | undefined): void {
  if (writer === reader) return;
  const at = { steps: ['multipleOf'] };
  if (writer === undefined) findings.add('MULTIPLE_OF_ADDED', at);
  else if (reader === undefined) findings.add('MULTIPLE_OF_REMOVED', at);
  else if (isWholeMultiple(reader, writer)) findings.add('MULTIPLE_OF_EXPANDED', at);
  else findings.add(isWholeMultiple(writer, reader) ? 'MULTIPLE_OF_REDUCED' : 'MULTIPLE_OF_CHANGED', at);
}

/** Kafka's registry looks at the whole parts only; 0.1 and 0.01 have none, and are then told by what they are. */
function isWholeMultiple(value: number, of: number): boolean {
  const [whole, wholeOf] = [Math.trunc(value), Math.trunc(of)];
  return wholeOf === 0 || whole === 0 ? isMultiple(value, of) : whole % wholeOf === 0;
}

export function compareEnums(
  findings: Findings,
  writer: readonly unknown[],
  reader: readonly unknown[],
): void {
  const [one, other] = [new Set(writer.map(canonicalJson)), new Set(reader.map(canonicalJson))];
  const isReadable = [...one].every((value) => other.has(value));
  const isKnown = [...other].every((value) => one.has(value));
  if (isReadable && isKnown) return;
  const at = { steps: ['enum'] };
  if (isReadable) findings.add('ENUM_ARRAY_EXTENDED', at);
  else findings.add(isKnown ? 'ENUM_ARRAY_NARROWED' : 'ENUM_ARRAY_CHANGED', at);
}

export function compareConsts(findings: Findings, writer: unknown, reader: unknown): void {
  if (canonicalJson(writer) !== canonicalJson(reader))
    findings.add('ENUM_ARRAY_CHANGED', { steps: ['const'] });
}
