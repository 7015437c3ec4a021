import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import type { DeliveredTable } from '../domain/delivery.ts';
import { keyId } from '../domain/tokenise.ts';

/** Names the obligations and the key under which a table was copied: rows copied under others are copied again. */
export function shapeOf({ obligations, obligationKey }: DeliveredTable): string {
  const columns = [...obligations]
    .map(([column, obligation]) => [column, ...Object.values(obligation)])
    .sort();
  const key = obligationKey === null ? [] : [keyId(obligationKey)];
  return sha256Hex(canonicalJson([...columns, ...key])).slice(0, 16);
}
