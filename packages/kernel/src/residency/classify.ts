import type { CompiledPolicy } from './compile-policy.ts';
import type { Classified } from './inventory.ts';

/** What the matrix's inventory says of a dataset `source.schema.table`: its class (null: unknown) and its fields' tags. */
export function classify(policy: CompiledPolicy, logicalName: string): Classified {
  return policy.inventory.classify(logicalName);
}
