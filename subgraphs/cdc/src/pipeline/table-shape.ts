import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import type { DeliveredTable } from '../domain/delivery.ts';

/** Names the obligations under which a table was copied: rows copied under others are copied again. */
export function shapeOf(table: DeliveredTable): string {
  const obligations = [...table.obligations].map(([column, obligation]) => [column, obligation.type]).sort();
  return sha256Hex(canonicalJson(obligations)).slice(0, 16);
}
