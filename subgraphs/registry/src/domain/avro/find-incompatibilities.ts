import { Problem } from '@spine/kernel/problem';
import type { Incompatibility } from '../incompatibility.ts';
import type { AvroRecord, AvroSchema } from './avro-schema.ts';
import {
  type Choice,
  matchTypes,
  type Part,
  type SchemaPair,
  sameName,
  type TypePair,
  typeText,
} from './match-types.ts';
import { resolveType } from './named-type.ts';

/** About a second of work: a comparison must not hold up everybody else. */
const maxWork = 2_000_000;
const workOfMatch = 20;

/**
 * Every reason why `reader` could not read what was written with `writer`; none means that it can. A breach inside a
 * named type is listed once, where that pair of types is met first.
 */
export function findAvroIncompatibilities(
  reader: AvroSchema,
  writer: AvroSchema,
): readonly Incompatibility[] {
  const schemas = { reader, writer };
  const isReadable = solve(schemas);
  const found: Incompatibility[] = [];
  const seen = createPairSet();
  const root: Part = {
    reader: resolveType(reader, reader.root),
    writer: resolveType(writer, writer.root),
    path: '',
  };
  const pending: Part[] = [root];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (isRecursive(part) && !seen.add(part)) continue;
    const match = matchTypes(schemas, part, part.path);
    found.push(...match.faults);
    for (const choice of match.choices) if (!isChosen(choice, isReadable)) found.push(missingBranch(choice));
    // The stack takes them in reverse, so that the list reads in the order of the schema.
    pending.push(...match.parts.toReversed());
  }
  return found;
}

/** Whether the reader could read the writer, without the reasons. */
export function canRead(reader: AvroSchema, writer: AvroSchema): boolean {
  return solve({ reader, writer })({
    reader: resolveType(reader, reader.root),
    writer: resolveType(writer, writer.root),
  });
}

/** The answer for a pair of records, and the pairs whose answers rest on it. */
interface Verdict {
  readonly pair: TypePair;
  readable: boolean;
  readonly dependents: Set<Verdict>;
}

/**
 * Decides pairs of types. Recursive types make the question circular: every pair of records is first taken to be readable,
 * and when one turns out not to be, those that rested on it are decided again, until nothing changes. Remembering
 * an answer that was found while another was only assumed would be wrong.
 */
function solve(schemas: SchemaPair): (pair: TypePair) => boolean {
  const verdicts = new Map<TypePair['reader'], Map<TypePair['writer'], Verdict>>();
  const undecided: Verdict[] = [];
  let asking: Verdict | undefined;
  let work = 0;

  function spend(amount: number): void {
    work += amount;
    if (work <= maxWork) return;
    throw new Problem('SCHEMA_INVALID', 'the schema is too large to compare with another version of it', {
      fix: 'use fewer branches in its unions, or split the schema',
    });
  }

  function holds(pair: TypePair): boolean {
    spend(1);
    if (!isRecursive(pair)) return followMatch(pair);
    // Cheap, and it keeps the records of two large unions from all being compared with each other.
    if (!sameName(pair.reader, pair.writer)) return false;
    const verdict = verdictOf(pair);
    if (asking !== undefined) verdict.dependents.add(asking);
    return verdict.readable;
  }

  function verdictOf(pair: TypePair): Verdict {
    const row = verdicts.get(pair.reader) ?? new Map<TypePair['writer'], Verdict>();
    verdicts.set(pair.reader, row);
    const known = row.get(pair.writer);
    if (known !== undefined) return known;
    const verdict = { pair, readable: true, dependents: new Set<Verdict>() };
    row.set(pair.writer, verdict);
    undecided.push(verdict);
    return verdict;
  }

  function followMatch(pair: TypePair): boolean {
    spend(workOfMatch);
    const match = matchTypes(schemas, pair, '');
    return (
      match.faults.length === 0 &&
      match.parts.every(holds) &&
      match.choices.every((choice) => isChosen(choice, holds))
    );
  }

  function settle(): void {
    for (let verdict = undecided.pop(); verdict !== undefined; verdict = undecided.pop()) {
      if (!verdict.readable) continue;
      asking = verdict;
      verdict.readable = followMatch(verdict.pair);
      if (!verdict.readable) undecided.push(...verdict.dependents);
    }
    asking = undefined;
  }

  return (pair) => {
    for (;;) {
      const verdict = holds(pair);
      if (undecided.length === 0) return verdict;
      settle();
    }
  };
}

function isChosen(choice: Choice, isReadable: (pair: TypePair) => boolean): boolean {
  return choice.readers.some((reader) => isReadable({ reader, writer: choice.writer }));
}

/** Only records can hold themselves; between any two of them the walk ends. */
function isRecursive(pair: TypePair): pair is { reader: AvroRecord; writer: AvroRecord } {
  return pair.reader.kind === 'record' && pair.writer.kind === 'record';
}

function missingBranch({ writer, path }: Choice): Incompatibility {
  return {
    kind: 'MISSING_UNION_BRANCH',
    path,
    message: `no branch of the reader's union reads ${typeText(writer)} of the writer`,
  };
}

function createPairSet(): { add(pair: TypePair): boolean } {
  const seen = new Map<TypePair['reader'], Set<TypePair['writer']>>();
  return {
    add({ reader, writer }) {
      const row = seen.get(reader) ?? new Set();
      seen.set(reader, row);
      if (row.has(writer)) return false;
      row.add(writer);
      return true;
    },
  };
}
