import type { CheckRules } from '../check-rules.ts';
import { describeDifference } from './describe-difference.ts';
import type { JsonIncompatibility } from './json-incompatibility.ts';
import { isBreach } from './json-kinds.ts';
import type { JsonSchemaTree } from './json-schema-tree.ts';
import { listDifferences } from './list-differences.ts';

/**
 * Every reason why `reader` could not read what was written with `writer`; none means that it can. Throws
 * SCHEMA_TOO_COMPLEX where the work to tell would have no end.
 */
export function findJsonIncompatibilities(
  reader: JsonSchemaTree,
  writer: JsonSchemaTree,
  { policy }: CheckRules,
): readonly JsonIncompatibility[] {
  const { differences } = listDifferences(reader, writer, policy);
  return differences.flatMap((difference) => {
    const { kind, path } = difference;
    return isBreach(kind, policy) ? [{ kind, path, message: describeDifference(kind, difference) }] : [];
  });
}
