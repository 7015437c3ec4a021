import type { AvroRecord } from './avro-schema.ts';
import type { Comparison, TypePair } from './comparison.ts';
import { type Choice, type Fault, matchTypes, nameFaults, type Part } from './match-types.ts';

const workOfMatch = 5;
const workOfVerdict = 5;

/** Why a pair of types does not hold: a proof down to the faults, without circles. */
export type Cause =
  | { readonly of: 'fault'; readonly fault: Fault }
  | { readonly of: 'part'; readonly part: Part; readonly cause: Cause }
  /** One cause for each of the branches. */
  | { readonly of: 'choice'; readonly choice: Choice; readonly causes: readonly Cause[] }
  | { readonly of: 'records'; readonly verdict: Verdict };

/** The answer for a pair of records, and the pairs whose answers rest on it. */
export interface Verdict {
  readonly pair: TypePair;
  /** Absent while the pair is taken to hold. */
  cause?: Cause;
  readonly dependents: Set<Verdict>;
}

/**
 * Decides pairs of types: the cause why one does not hold, or undefined if it does. Recursive types make the question
 * circular: every pair of records is first taken to be readable, and when one turns out not to be, those that rested on
 * it are decided again, until nothing changes. Remembering an answer that was found while another was only assumed
 * would be wrong.
 */
export function solvePairs(comparison: Comparison): (pair: TypePair) => Cause | undefined {
  const verdicts = new Map<TypePair['reader'], Map<TypePair['writer'], Verdict>>();
  const undecided: Verdict[] = [];
  let asking: Verdict | undefined;

  function causeOf(pair: TypePair): Cause | undefined {
    comparison.spend(1);
    if (!isRecursive(pair)) return firstCause(pair);
    // Cheap, and it keeps records that have nothing to do with each other from being compared field by field.
    const [fault] = nameFaults(pair.reader, pair.writer, '');
    if (fault !== undefined) return { of: 'fault', fault };
    const verdict = verdictOf(pair);
    if (asking !== undefined) verdict.dependents.add(asking);
    return verdict.cause === undefined ? undefined : { of: 'records', verdict };
  }

  function verdictOf(pair: TypePair): Verdict {
    const row = verdicts.get(pair.reader) ?? new Map<TypePair['writer'], Verdict>();
    verdicts.set(pair.reader, row);
    const known = row.get(pair.writer);
    if (known !== undefined) return known;
    comparison.spend(workOfVerdict);
    const verdict: Verdict = { pair, dependents: new Set() };
    row.set(pair.writer, verdict);
    undecided.push(verdict);
    return verdict;
  }

  function firstCause(pair: TypePair): Cause | undefined {
    comparison.spend(workOfMatch);
    const match = matchTypes(comparison, pair, '');
    const [fault] = match.faults;
    if (fault !== undefined) return { of: 'fault', fault };
    for (const part of match.parts) {
      const cause = causeOf(part);
      if (cause !== undefined) return { of: 'part', part, cause };
    }
    for (const choice of match.choices) {
      const causes = whyNone(choice, causeOf);
      if (causes !== undefined) return { of: 'choice', choice, causes };
    }
    return undefined;
  }

  function settle(): void {
    for (let verdict = undecided.pop(); verdict !== undefined; verdict = undecided.pop()) {
      if (verdict.cause !== undefined) continue;
      asking = verdict;
      const cause = firstCause(verdict.pair);
      if (cause === undefined) continue;
      verdict.cause = cause;
      undecided.push(...verdict.dependents);
    }
    asking = undefined;
  }

  return (pair) => {
    for (;;) {
      const cause = causeOf(pair);
      if (undecided.length === 0) return cause;
      settle();
    }
  };
}

/** Why none of the branches reads the writer, one cause each, or undefined if one does. */
export function whyNone(
  choice: Choice,
  causeOf: (pair: TypePair) => Cause | undefined,
): readonly Cause[] | undefined {
  const causes: Cause[] = [];
  for (const { type } of choice.branches) {
    const cause = causeOf({ reader: type, writer: choice.writer });
    if (cause === undefined) return undefined;
    causes.push(cause);
  }
  return causes;
}

/** Only records can hold themselves; between any two of them the walk ends. */
export function isRecursive(pair: TypePair): pair is { reader: AvroRecord; writer: AvroRecord } {
  return pair.reader.kind === 'record' && pair.writer.kind === 'record';
}
