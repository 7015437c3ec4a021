import type { Policy } from '../../check-rules.ts';
import { answerQuestion, createNumbering } from '../answer-questions.ts';
import { createBudget } from '../budget.ts';
import { type Comparison, createFindings } from '../difference.ts';
import type { JsonSchemaTree } from '../json-schema-tree.ts';
import { createPatterns } from '../pattern/pattern.ts';
import { compareArrays } from './compare-arrays.ts';
import { compareCombined } from './compare-combined.ts';
import { compareObjects } from './compare-objects.ts';
import {
  compareAnnotations,
  compareConsts,
  compareEnums,
  compareNumbers,
  compareStrings,
} from './compare-scalars.ts';
import { createShapes } from './read-shape.ts';
import type { Shape } from './shape.ts';
import type { ShapeComparer } from './shape-comparer.ts';

/** Some half a second of work: a comparison must not hold up everybody else. */
const maxSteps = 400_000;

/**
 * Every difference between two schemas, by the rules of Kafka's registry: what it calls `original` is the writer, `update`
 * the reader. Throws SCHEMA_TOO_COMPLEX.
 */
export function listDifferences(reader: JsonSchemaTree, writer: JsonSchemaTree, policy: Policy): Comparison {
  const budget = createBudget(maxSteps);
  const shapeOf = createShapes(budget);
  const patternOf = createPatterns(budget);
  const numberOf = createNumbering();
  return answerQuestion<ShapePair>([shapeOf(writer.root), shapeOf(reader.root)], {
    budget,
    keyOf: ([one, other]) => `${numberOf(one)} ${numberOf(other)}`,
    answer: ([one, other], ask) =>
      compareShapes(
        { budget, policy, shapeOf, patternOf, compare: (before, after) => ask([before, after]) },
        one,
        other,
      ),
  });
}

/** A writer's shape, and a reader's. */
type ShapePair = readonly [Shape, Shape];

function compareShapes(comparer: ShapeComparer, writer: Shape, reader: Shape): Comparison {
  const { policy, budget } = comparer;
  const findings = createFindings({ writer: writer.node, reader: reader.node }, policy, budget);
  const shortcut = compareWithCombined(comparer, writer, reader);
  if (shortcut !== undefined) return shortcut;
  if (writer.kind !== reader.kind) {
    if (!fitsAll(writer, reader)) findings.add('TYPE_CHANGED');
    return findings.comparison();
  }
  compareAnnotations(findings, writer.node, reader.node);
  if (writer.kind === 'combined' && reader.kind === 'combined')
    compareCombined(comparer, findings, writer, reader);
  if (writer.kind === 'object' && reader.kind === 'object')
    compareObjects(comparer, findings, writer, reader);
  if (writer.kind === 'array' && reader.kind === 'array') compareArrays(comparer, findings, writer, reader);
  if (writer.kind === 'string' && reader.kind === 'string')
    compareStrings(findings, writer.node, reader.node);
  if (writer.kind === 'number' && reader.kind === 'number') compareNumbers(findings, writer, reader);
  if (writer.kind === 'enum' && reader.kind === 'enum') compareEnums(findings, writer.values, reader.values);
  if (writer.kind === 'const' && reader.kind === 'const') compareConsts(findings, writer.value, reader.value);
  if (writer.kind === 'not' && reader.kind === 'not') {
    // What is refused is compared the other way round.
    const { isCompatible } = comparer.compare(reader.refused, writer.refused);
    findings.add(isCompatible ? 'NOT_TYPE_NARROWED' : 'NOT_TYPE_EXTENDED', { steps: ['not'] });
  }
  return findings.comparison();
}

/** One schema against several: an alternative that reads all is enough, and so is a demand that alone lets nothing else through. */
function compareWithCombined(
  { compare, policy, budget }: ShapeComparer,
  writer: Shape,
  reader: Shape,
): Comparison | undefined {
  const pair = { writer: writer.node, reader: reader.node };
  if (writer.kind !== 'combined' && reader.kind === 'combined') {
    if (reader.parts.length > 1 && reader.criterion === 'allOf') return undefined;
    for (const part of reader.parts) {
      const inner = compare(writer, part);
      if (!inner.isCompatible) continue;
      const findings = createFindings(pair, policy, budget);
      findings.take(inner);
      if (reader.parts.length > 1) findings.add('SUM_TYPE_EXTENDED');
      return findings.comparison();
    }
  }
  if (writer.kind === 'combined' && reader.kind !== 'combined') {
    if (writer.parts.length > 1 && writer.criterion !== 'allOf') return undefined;
    for (const part of writer.parts) {
      const inner = compare(part, reader);
      if (!inner.isCompatible) continue;
      const findings = createFindings(pair, policy, budget);
      findings.take(inner);
      if (writer.parts.length > 1) findings.add('PRODUCT_TYPE_NARROWED');
      return findings.comparison();
    }
  }
  return undefined;
}

function fitsAll(writer: Shape, reader: Shape): boolean {
  if (writer.kind === 'false' || reader.kind === 'empty' || reader.kind === 'true') return true;
  // Kafka Connect holds both for bytes, whatever the type says.
  return [writer, reader].every(({ node }) => node.annotations.connectType === 'bytes');
}
