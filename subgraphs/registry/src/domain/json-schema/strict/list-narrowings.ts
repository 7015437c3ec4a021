import type { Policy } from '../../check-rules.ts';
import { createBudget } from '../budget.ts';
import { type Comparison, createFindings } from '../difference.ts';
import { isBreach } from '../json-kinds.ts';
import type { JsonSchemaNode, JsonSchemaTree } from '../json-schema-tree.ts';
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

const maxSteps = 600_000;

/**
 * Where a reader's schema refuses, or is not sure to take, what fits the writer's, by the specification. What is found
 * compatible is: every value that fits the writer fits the reader. Throws SCHEMA_TOO_COMPLEX.
 *
 * The question is asked again for what is inside. Where it comes back to itself the answer is first taken to be yes, and all
 * is asked again once that proved wrong: values end, so an answer that only rests on itself is right.
 */
export function listNarrowings(reader: JsonSchemaTree, writer: JsonSchemaTree, policy: Policy): Comparison {
  const budget = createBudget(maxSteps);
  const patternOf = createPatterns();
  const shared = {
    budget,
    policy,
    patternOf,
    validate: createValidator(budget, patternOf),
    isSame: createSameSchema(budget),
  };
  const keyOf = createKeys();
  const refuted = new Set<string>();
  for (;;) {
    const round = createRound(shared, keyOf, refuted);
    const result = round.containment.contain(reader.root, [writer.root]);
    if (!round.hasRefuted()) return result;
  }
}

type Shared = Omit<Containment, 'contain' | 'containView' | 'isEmpty'>;

type KeyOf = (reader: JsonSchemaNode, writer: readonly JsonSchemaNode[]) => string;

function createRound(
  shared: Shared,
  keyOf: KeyOf,
  refuted: Set<string>,
): { readonly containment: Containment; hasRefuted(): boolean } {
  const { budget, policy } = shared;
  const known = new Map<string, Comparison | 'asked' | 'assumed'>();
  const inView = createPairTable<object, Comparison>();
  let hasRefuted = false;

  function contain(reader: JsonSchemaNode, writer: readonly JsonSchemaNode[]): Comparison {
    budget.spend(1 + writer.length);
    const key = keyOf(reader, writer);
    const found = known.get(key);
    if (found === 'asked' || found === 'assumed') {
      known.set(key, 'assumed');
      return { isCompatible: !refuted.has(key), differences: [] };
    }
    if (found !== undefined) return found;
    known.set(key, 'asked');
    const result = budget.deeper(() => containAll(reader, writer));
    if (known.get(key) === 'assumed' && !result.isCompatible && !refuted.has(key)) {
      refuted.add(key);
      hasRefuted = true;
    }
    known.set(key, result);
    return result;
  }

  function containAll(reader: JsonSchemaNode, writer: readonly JsonSchemaNode[]): Comparison {
    if (writer.some((node) => shared.isSame(node, reader))) return { isCompatible: true, differences: [] };
    const views = listViews(writer, shared);
    return join(
      views.filter((view) => !isEmptyView(view, shared)).map((view) => containView(reader, view)),
      policy,
    );
  }

  function containView(reader: JsonSchemaNode, view: View): Comparison {
    budget.spend(1);
    const before = inView.get(reader, view);
    if (before !== undefined) return before;
    const result = budget.deeper(() => containByKeyword(containment, reader, view));
    inView.set(reader, view, result);
    return result;
  }

  const containment: Containment = {
    ...shared,
    contain,
    containView,
    isEmpty: (nodes) => isEmpty(nodes, shared),
  };
  return { containment, hasRefuted: () => hasRefuted };
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

/** Names a question: a reader's schema and the set of the writer's. */
function createKeys(): KeyOf {
  const ids = new Map<JsonSchemaNode, number>();
  const idOf = (node: JsonSchemaNode) => {
    const id = ids.get(node) ?? ids.size;
    ids.set(node, id);
    return id;
  };
  return (reader, writer) =>
    `${idOf(reader)} ${[...new Set(writer.map(idOf))].sort((one, other) => one - other).join(' ')}`;
}
