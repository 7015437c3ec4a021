import type { ScalarType } from './proto-file.ts';

export type ScalarGroup = 'number' | 'zigzag' | 'text' | 'fixed32' | 'fixed64' | 'float' | 'double';

/** Scalars that may take each other's place (Protocol Buffers, "Updating A Message Type"). */
export const scalarGroups: Readonly<Record<ScalarType, ScalarGroup>> = {
  int32: 'number',
  int64: 'number',
  uint32: 'number',
  uint64: 'number',
  bool: 'number',
  sint32: 'zigzag',
  sint64: 'zigzag',
  string: 'text',
  bytes: 'text',
  fixed32: 'fixed32',
  sfixed32: 'fixed32',
  fixed64: 'fixed64',
  sfixed64: 'fixed64',
  float: 'float',
  double: 'double',
};
