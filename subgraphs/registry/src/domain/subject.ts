import type { DatasetName } from '@spine/kernel/table-ref';
import type { CompatibilityLevel } from './compatibility-level.ts';

/** A named line of schemas: what its versions promise, who answers for it, which dataset it describes. */
export interface Subject {
  readonly name: string;
  readonly level: CompatibilityLevel;
  readonly owner: string;
  readonly dataset: DatasetName | null;
}
