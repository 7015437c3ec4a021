import type { Findings } from '../difference.ts';
import type { DifferenceKind } from '../json-kinds.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import { fitsAnything } from './content-model.ts';
import type { ShapeComparer } from './shape-comparer.ts';

interface UnevaluatedWords {
  readonly keyword: string;
  readonly added: DifferenceKind;
  readonly removed: DifferenceKind;
  readonly extended: DifferenceKind;
  readonly narrowed: DifferenceKind;
}

/** Compares what may be where no other keyword has looked: nothing, something, or anything. */
export function compareUnevaluated(
  { shapeOf, compare }: ShapeComparer,
  findings: Findings,
  [writer, reader]: readonly [JsonSchemaNode | undefined, JsonSchemaNode | undefined],
  words: UnevaluatedWords,
): void {
  if (writer === undefined && reader === undefined) return;
  const at = { steps: [words.keyword] };
  const [before, after] = [openness(writer), openness(reader)];
  // Kafka's registry takes the word alone, even with true, for narrower than none.
  if (writer === undefined) findings.add(after === 'closed' ? words.removed : words.narrowed, at);
  else if (reader === undefined) findings.add(before === 'closed' ? words.added : words.extended, at);
  else if (before === after) findings.take(compare(shapeOf(writer), shapeOf(reader)), at);
  else if (before === 'closed') findings.add(words.added, at);
  else if (after === 'closed') findings.add(words.removed, at);
  else findings.add(after === 'open' ? words.extended : words.narrowed, at);

  function openness(node: JsonSchemaNode | undefined): 'open' | 'closed' | 'partly open' {
    if (node === undefined || fitsAnything(node, shapeOf)) return 'open';
    return shapeOf(node).kind === 'false' ? 'closed' : 'partly open';
  }
}
