import type { Policy } from '../../check-rules.ts';
import { type Ask, answerQuestion, createNumbering } from '../answer-questions.ts';
import { createBudget } from '../budget.ts';
import { type Comparison, createFindings } from '../difference.ts';
import { isBreach } from '../json-kinds.ts';
import { type JsonSchemaNode, type JsonSchemaTree, withoutReference } from '../json-schema-tree.ts';
import { createPairTable } from '../pair-table.ts';
import { createPatterns } from '../pattern/pattern.ts';
import { createValidator } from '../validate-instance.ts';
import { containArrays } from './contain-arrays.ts';
import { containCombinations } from './contain-combinations.ts';
import { containObjects } from './contain-objects.ts';
import { containNumbers, containStrings, containTypes, containValues } from './contain-scalars.ts';
import type { Containment } from './containment.ts';
import { isEmpty, isEmptyView } from './emptiness.ts';
import { createSameSchema } from './same-schema.ts';
import { listViews, type View } from './view.ts';

/** Some half a second of work: a comparison must not hold up everybody else. */
const maxSteps = 700_000;

/**
 * Where a reader's schema refuses, or is not sure to take, what fits the writer's, by the specification. What is found
 * compatible is: every value that fits the writer fits the reader. Throws SCHEMA_TOO_COMPLEX.
 */
export function listNarrowings(reader: JsonSchemaTree, writer: JsonSchemaTree, policy: Policy): Comparison {
  const budget = createBudget(maxSteps);
  const patternOf = createPatterns(budget);
  const validate = createValidator(budget, patternOf);
  const shared = { budget, policy, patternOf, validate, isSame: createSameSchema(budget) };
  const numberOf = createNumbering();
  return answerQuestion<Containing>(containing(reader.root, [writer.root]), {
    budget,
    keyOf: (each) => {
      const numbers = [...new Set(each.writer.map(numberOf))].sort((one, other) => one - other);
      return `${numberOf(each.reader)} ${numbers.join(' ')}`;
    },
    answer: (question, ask) => answerByViews(question, createContainment(shared, ask)),
  });
}

/** The question whether a schema takes all that fits all of some others. */
interface Containing {
  readonly reader: JsonSchemaNode;
  readonly writer: readonly JsonSchemaNode[];
}

function containing(reader: JsonSchemaNode, writer: readonly JsonSchemaNode[]): Containing {
  return { reader: withoutReference(reader), writer: writer.map(withoutReference) };
}

function createContainment(
  shared: Omit<Containment, 'contain' | 'containView' | 'isEmpty'>,
  ask: Ask<Containing>,
): Containment {
  const known = createPairTable<object, Comparison>();
  const containment: Containment = {
    ...shared,
    contain: (reader, writer) => ask(containing(reader, writer)),
    containView(reader, view) {
      shared.budget.spend(2);
      const before = known.get(reader, view);
      if (before !== undefined) return before;
      shared.budget.spend(20 + 2 * view.nodes.length);
      const result = shared.budget.deeper(() => containByKeyword(containment, reader, view));
      known.set(reader, view, result);
      return result;
    },
    isEmpty: (nodes) => isEmpty(nodes, shared),
  };
  return containment;
}

/** However the writer keeps to its schemas, the reader must take it. */
function answerByViews({ reader, writer }: Containing, containment: Containment): Comparison {
  if (writer.some((node) => containment.isSame(node, reader))) return { isCompatible: true, differences: [] };
  const views = listViews(writer, containment).filter((view) => !isEmptyView(view, containment));
  const found = views.map((view) => containment.containView(reader, view));
  containment.budget.spend(found.reduce((sum, { differences }) => sum + differences.length, 0));
  return join(found, containment.policy);
}

/** Every keyword of the reader for itself: a value fits if it fits each of them. */
function containByKeyword(containment: Containment, reader: JsonSchemaNode, view: View): Comparison {
  const { budget, policy, validate, isSame } = containment;
  const yes: Comparison = { isCompatible: true, differences: [] };
  if (reader.always === true || view.nodes.some((node) => isSame(node, reader))) return yes;
  if (view.values?.every((value) => validate(reader, value) === true) === true) return yes;
  const [writer = reader] = view.nodes;
  const findings = createFindings({ writer, reader }, policy, budget);
  if (reader.always === false) findings.add('TYPE_CHANGED');
  else if (reader.isOpaque) findings.add('DYNAMIC_REFERENCE_UNDECIDED');
  else if (containTypes(findings, reader, view)) {
    containValues(containment, findings, reader, view);
    containCombinations(containment, findings, reader, view);
    if (view.type === 'number' || view.type === 'integer') containNumbers(findings, reader, view);
    if (view.type === 'string') containStrings(findings, reader, view);
    if (view.type === 'array') containArrays(containment, findings, reader, view);
    if (view.type === 'object') containObjects(containment, findings, reader, view);
  }
  return findings.comparison();
}

/** The findings of several ways to write a value, each once. */
function join(comparisons: readonly Comparison[], policy: Policy): Comparison {
  const found = new Map<string, Comparison['differences'][number]>();
  for (const { differences } of comparisons) {
    for (const each of differences) {
      const key = `${each.kind} ${each.path}`;
      if (!found.has(key)) found.set(key, each);
    }
  }
  const differences = [...found.values()];
  return {
    isCompatible: comparisons.every((each) => each.isCompatible),
    differences: differences.filter(({ kind }) => isBreach(kind, policy)),
  };
}
