import { canonicalJson } from '@spine/kernel/canonical-json';
import type { Findings } from '../difference.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import { isMultiple } from '../numbers.ts';
import type { Containment } from './containment.ts';
import { limitsOf } from './limits.ts';
import type { View } from './view.ts';

/** Whether the reader takes the type; where it does not, nothing else needs to be told. */
export function containTypes(findings: Findings, reader: JsonSchemaNode, { nodes, type }: View): boolean {
  const { types } = reader;
  if (types === undefined || types.includes(type)) return true;
  if (type === 'integer' && types.includes('number')) return true;
  if (type === 'number' && types.includes('integer')) {
    const isWhole = nodes.some(({ multipleOf }) => multipleOf !== undefined && Number.isInteger(multipleOf));
    if (isWhole) return true;
    findings.add('TYPE_NARROWED');
    return false;
  }
  findings.add('TYPE_CHANGED');
  return false;
}

/** Values that the reader lists: all that the writer has must be among them. */
export function containValues(
  { validate }: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  { values, nodes }: View,
): void {
  for (const keyword of ['enum', 'const'] as const) {
    const constant = reader.constant === undefined ? undefined : [reader.constant.value];
    const known = keyword === 'enum' ? reader.values : constant;
    if (known === undefined) continue;
    const texts = new Set(known.map(canonicalJson));
    if (values?.every((value) => texts.has(canonicalJson(value))) === true) continue;
    // Fewer than the writer has, or others?
    const isNarrower = known.every((value) => nodes.every((node) => validate(node, value) !== false));
    findings.add(isNarrower ? 'ENUM_ARRAY_NARROWED' : 'ENUM_ARRAY_CHANGED', { steps: [keyword] });
  }
}

export function containNumbers(findings: Findings, reader: JsonSchemaNode, view: View): void {
  const limits = limitsOf(view.nodes);
  const isInteger = view.type === 'integer';
  // Between whole numbers, "above 3" is "from 4 on", and so is "from 3.5 on".
  const low = isInteger ? (limits.isLowOut ? Math.floor(limits.low) + 1 : Math.ceil(limits.low)) : limits.low;
  const high = isInteger
    ? limits.isHighOut
      ? Math.ceil(limits.high) - 1
      : Math.floor(limits.high)
    : limits.high;
  const isLowOut = limits.isLowOut && !isInteger;
  const isHighOut = limits.isHighOut && !isInteger;
  const hasLow = limits.low !== Number.NEGATIVE_INFINITY;
  const hasHigh = limits.high !== Number.POSITIVE_INFINITY;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = reader;
  if (minimum !== undefined && low < minimum) {
    findings.add(hasLow ? 'MINIMUM_INCREASED' : 'MINIMUM_ADDED', { steps: ['minimum'] });
  }
  if (exclusiveMinimum !== undefined && (low < exclusiveMinimum || (low === exclusiveMinimum && !isLowOut))) {
    findings.add(hasLow ? 'EXCLUSIVE_MINIMUM_INCREASED' : 'EXCLUSIVE_MINIMUM_ADDED', {
      steps: ['exclusiveMinimum'],
    });
  }
  if (maximum !== undefined && high > maximum) {
    findings.add(hasHigh ? 'MAXIMUM_DECREASED' : 'MAXIMUM_ADDED', { steps: ['maximum'] });
  }
  if (
    exclusiveMaximum !== undefined &&
    (high > exclusiveMaximum || (high === exclusiveMaximum && !isHighOut))
  ) {
    findings.add(hasHigh ? 'EXCLUSIVE_MAXIMUM_DECREASED' : 'EXCLUSIVE_MAXIMUM_ADDED', {
      steps: ['exclusiveMaximum'],
    });
  }
  if (reader.multipleOf !== undefined) containMultiples(findings, reader.multipleOf, view, isInteger);
}

function containMultiples(findings: Findings, of: number, { nodes }: View, isInteger: boolean): void {
  const written = nodes.flatMap(({ multipleOf }) => multipleOf ?? []);
  if ((isInteger && isMultiple(1, of)) || written.some((each) => isMultiple(each, of))) return;
  const at = { steps: ['multipleOf'] };
  if (written.length === 0) findings.add('MULTIPLE_OF_ADDED', at);
  else
    findings.add(
      written.some((each) => isMultiple(of, each)) ? 'MULTIPLE_OF_EXPANDED' : 'MULTIPLE_OF_CHANGED',
      at,
    );
}

/** Patterns that any text matches. */
const trivialPatterns = new Set(['', '.*', '^', '$', '(.*)', '[\\s\\S]*', '^[\\s\\S]*$']);

export function containStrings(findings: Findings, reader: JsonSchemaNode, { nodes }: View): void {
  const limits = limitsOf(nodes);
  if (reader.minLength !== undefined && limits.minLength < reader.minLength) {
    findings.add(limits.minLength === 0 ? 'MIN_LENGTH_ADDED' : 'MIN_LENGTH_INCREASED', {
      steps: ['minLength'],
    });
  }
  if (reader.maxLength !== undefined && limits.maxLength > reader.maxLength) {
    const kind = limits.maxLength === Number.POSITIVE_INFINITY ? 'MAX_LENGTH_ADDED' : 'MAX_LENGTH_DECREASED';
    findings.add(kind, { steps: ['maxLength'] });
  }
  const { pattern, format } = reader;
  if (
    pattern !== undefined &&
    !trivialPatterns.has(pattern) &&
    !nodes.some((node) => node.pattern === pattern)
  ) {
    const kind = nodes.some((node) => node.pattern !== undefined) ? 'PATTERN_CHANGED' : 'PATTERN_ADDED';
    findings.add(kind, { steps: ['pattern'] });
  }
  if (format !== undefined && !nodes.some((node) => node.format === format)) {
    const kind = nodes.some((node) => node.format !== undefined) ? 'FORMAT_CHANGED' : 'FORMAT_ADDED';
    findings.add(kind, { steps: ['format'] });
  }
}
