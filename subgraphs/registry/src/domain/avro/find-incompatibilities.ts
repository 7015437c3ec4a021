import type { CheckRules } from '../check-rules.ts';
import type { Incompatibility } from '../incompatibility.ts';
import { pointer } from '../json.ts';
import type { AvroSchema } from './avro-schema.ts';
import { type Comparison, createComparison, type TypePair } from './comparison.ts';
import { createWitnessFinder, type Trail } from './find-witness.ts';
import { type Choice, matchTypes, type Part, typeText } from './match-types.ts';
import { resolveType } from './named-type.ts';
import { isRecursive, solvePairs, whyNone } from './solve-pairs.ts';

/** The part of the rules that Avro has: whether logical types count. */
export type AvroRules = Pick<CheckRules, 'profile'>;

/**
 * Every reason why `reader` could not read what was written with `writer`; none means that it can. Each comes with a
 * datum that shows it, where one can be built. A breach inside a named type is listed once, where that pair of types is
 * met first. Throws SCHEMA_TOO_COMPLEX when the two are too large to be compared within a second.
 */
export function findAvroIncompatibilities(
  reader: AvroSchema,
  writer: AvroSchema,
  rules: AvroRules = { profile: 'strict' },
): readonly Incompatibility[] {
  const comparison = createComparison(reader, writer, rules.profile);
  const causeOf = solvePairs(comparison);
  // Most pairs are fine, and whether one is costs half of what the list of its breaches does.
  if (causeOf(rootPair(comparison)) === undefined) return [];
  const isMisread = createMisreadCheck(comparison);
  const witnesses = createWitnessFinder(comparison);
  const found: Incompatibility[] = [];
  const seen = createPairSet();
  const pending: Trailed[] = [{ part: { ...rootPair(comparison), path: '' }, trail: undefined }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { part, trail } = next;
    if (isRecursive(part) && !seen.add(part)) continue;
    const match = matchTypes(comparison, part, part.path);
    const parts = [...match.parts];
    for (const fault of match.faults) {
      const { kind, path } = fault;
      found.push({ kind, path, message: fault.message(), ...witnesses.ofFault(fault, trail) });
    }
    for (const choice of match.choices) {
      const causes = whyNone(choice, causeOf);
      if (causes === undefined) continue;
      const misread = isMisread(choice);
      if (misread !== undefined) parts.push(misread);
      else found.push({ ...missingBranch(choice), ...witnesses.ofChoice(choice, causes, trail) });
    }
    // The stack takes them in reverse, so that the list reads in the order of the schema.
    for (const below of parts.toReversed()) pending.push({ part: below, trail: follow(trail, below) });
  }
  return found;
}

/** Whether the reader could read the writer, without the reasons. */
export function canRead(
  reader: AvroSchema,
  writer: AvroSchema,
  rules: AvroRules = { profile: 'strict' },
): boolean {
  const comparison = createComparison(reader, writer, rules.profile);
  return solvePairs(comparison)(rootPair(comparison)) === undefined;
}

/** A part that is still to be compared, and how a datum gets there. */
interface Trailed {
  readonly part: Part;
  readonly trail: Trail | undefined;
}

function rootPair({ reader, writer }: Comparison): TypePair {
  return { reader: resolveType(reader, reader.root), writer: resolveType(writer, writer.root) };
}

function follow(trail: Trail | undefined, { step }: Part): Trail | undefined {
  return step === undefined ? trail : { step, up: trail, length: (trail?.length ?? 0) + 1 };
}

/**
 * Finds the branch that does read the bytes of a choice and takes them for something else: "no branch" would be the
 * wrong word for a nullable timestamp of another unit. What is wrong is told of that branch.
 */
function createMisreadCheck({ reader, writer, profile }: Comparison): (choice: Choice) => Part | undefined {
  if (profile !== 'strict') return () => undefined;
  const whyBytesFail = solvePairs(createComparison(reader, writer, 'confluent'));
  return ({ branches, writer: written, unionPath, step }) => {
    const branch = branches.find(({ type }) => whyBytesFail({ reader: type, writer: written }) === undefined);
    if (branch === undefined) return undefined;
    const path = pointer(unionPath, branch.index);
    return { reader: branch.type, writer: written, path, ...(step !== undefined && { step }) };
  };
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
