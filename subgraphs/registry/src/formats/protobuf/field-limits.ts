import type { ScalarType } from '../../domain/protobuf/proto-file.ts';

/** Whether Protobuf keeps the number of a field for itself. */
export function isOwn(number: number): boolean {
  return number >= 19_000 && number <= 19_999;
}

/** What cannot be the key of a map. */
export const noKeys: ReadonlySet<ScalarType> = new Set(['float', 'double', 'bytes']);
