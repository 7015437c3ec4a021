import type { Incompatibility } from '../incompatibility.ts';
import type { JsonKind } from './json-kinds.ts';

/** A breach between two JSON Schemas. */
export interface JsonIncompatibility extends Pick<Incompatibility, 'path' | 'message' | 'witness'> {
  readonly kind: JsonKind;
}
