import type { CheckRules } from '../check-rules.ts';
import { listDifferences } from './confluent/list-differences.ts';
import { describeDifference } from './describe-difference.ts';
import type { Difference } from './difference.ts';
import type { JsonIncompatibility } from './json-incompatibility.ts';
import { isBreach } from './json-kinds.ts';
import type { JsonSchemaTree } from './json-schema-tree.ts';
import { listNarrowings } from './strict/list-narrowings.ts';
import { createWitnessFinder, type FindWitness } from './witness/find-witness.ts';

/**
 * Every reason why `reader` could not read what was written with `writer`; none means that it can. By the `confluent`
 * profile the two schemas are compared as Kafka's registry compares them; by `strict` a value that fits the writer's must fit
 * the reader's, and what is not sure is told. Throws SCHEMA_TOO_COMPLEX where the work to tell would have no end.
 */
export function findJsonIncompatibilities(
  reader: JsonSchemaTree,
  writer: JsonSchemaTree,
  { profile, policy }: CheckRules,
): readonly JsonIncompatibility[] {
  const list = profile === 'strict' ? listNarrowings : listDifferences;
  const findWitness = createWitnessFinder(reader, writer);
  return list(reader, writer, policy).differences.flatMap((difference) => {
    const { kind } = difference;
    return isBreach(kind, policy) ? [tell({ ...difference, kind }, findWitness)] : [];
  });
}

function tell(
  difference: Difference & Pick<JsonIncompatibility, 'kind'>,
  findWitness: FindWitness,
): JsonIncompatibility {
  const { kind, path } = difference;
  const message = describeDifference(kind, difference);
  const witness = findWitness(difference, message);
  return { kind, path, message, ...(witness !== undefined && { witness }) };
}
