import type { Comparison, Findings } from '../difference.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import type { Containment } from './containment.ts';
import { typeSchema, type View } from './view.ts';

/** References, products, sums, refusals and conditions of the reader. */
export function containCombinations(
  containment: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  view: View,
): void {
  const { containView } = containment;
  if (reader.ref !== undefined) findings.take(containView(reader.ref, view));
  for (const [index, part] of (reader.allOf ?? []).entries()) {
    findings.take(containView(part, view), { steps: ['allOf', index] });
  }
  containSum(containment, findings, reader, view, 'anyOf');
  containSum(containment, findings, reader, view, 'oneOf');
  if (reader.not !== undefined && !refuses(containment, reader.not, view)) {
    findings.add('NOT_TYPE_EXTENDED', { steps: ['not'] });
  }
  if (reader.condition !== undefined) containCondition(containment, findings, reader.condition, view);
}

/** One alternative must take all that is written in one way; where exactly one may, no other may take any of it. */
function containSum(
  { containView, isEmpty, isSame }: Containment,
  findings: Findings,
  reader: JsonSchemaNode,
  view: View,
  criterion: 'anyOf' | 'oneOf',
): void {
  const branches = reader[criterion];
  if (branches === undefined) return;
  const isWritten = view.nodes.some((node) => {
    const written = node[criterion];
    return (
      written?.length === branches.length &&
      branches.every((branch) => written.some((other) => isSame(branch, other)))
    );
  });
  if (isWritten) return;
  const results = branches.map((branch) => containView(branch, view));
  const isTaken = results.some((result, index) => {
    if (!result.isCompatible || criterion === 'anyOf') return result.isCompatible;
    return branches.every(
      (other, at) => at === index || isEmpty([...view.nodes, typeSchema(view.type), other]),
    );
  });
  if (isTaken) return;
  const closest = results.flatMap((result, index) =>
    missesType(result) || result.isCompatible ? [] : [{ result, index }],
  );
  const [only] = closest;
  if (closest.length === 1 && only !== undefined && !results.some((result) => result.isCompatible)) {
    findings.take(only.result, { steps: [criterion, only.index] });
    return;
  }
  const isSum = view.nodes.some((node) => (node[criterion]?.length ?? 0) > branches.length);
  findings.add(isSum ? 'SUM_TYPE_NARROWED' : 'COMBINED_TYPE_SUBSCHEMAS_CHANGED', { steps: [criterion] });
}

/** Whether an alternative is out of the question by its type. */
function missesType({ differences }: Comparison): boolean {
  return differences.some(({ kind, path }) => kind === 'TYPE_CHANGED' && path === '');
}

/** Whether nothing of what is written fits what the reader refuses. */
function refuses({ isEmpty, contain }: Containment, refused: JsonSchemaNode, view: View): boolean {
  if (isEmpty([...view.nodes, typeSchema(view.type), refused])) return true;
  return view.nodes.some((node) => node.not !== undefined && contain(node.not, [refused]).isCompatible);
}

function containCondition(
  containment: Containment,
  findings: Findings,
  condition: NonNullable<JsonSchemaNode['condition']>,
  view: View,
): void {
  const { contain, containView, isEmpty, isSame } = containment;
  const { holds, yes, no } = condition;
  const nodes = [...view.nodes, typeSchema(view.type)];
  const isYes = () =>
    yes === undefined || isEmpty([...nodes, holds]) || contain(yes, [...nodes, holds]).isCompatible;
  const isNo = () =>
    no === undefined || containView(holds, view).isCompatible || containView(no, view).isCompatible;
  if (isYes() && isNo()) return;
  // The writer asks the same question: each answer for itself.
  const isAlike = view.nodes.some(({ condition: written }) => {
    if (written === undefined || !isSame(written.holds, holds)) return false;
    const isTaken = (reader: JsonSchemaNode | undefined, writer: readonly (JsonSchemaNode | undefined)[]) =>
      reader === undefined ||
      contain(reader, [...nodes, ...writer.filter((node) => node !== undefined)]).isCompatible;
    return isTaken(yes, [holds, written.yes]) && isTaken(no, [written.no]);
  });
  if (!isAlike) findings.add('CONDITION_NARROWED', { steps: ['if'] });
}
