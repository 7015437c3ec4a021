import type { Axis } from '../../check-rules.ts';
import type { Witness } from '../../incompatibility.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { StrictProtobufKind } from '../protobuf-kinds.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import type { EnumCoverage } from './enum-coverage.ts';

/** What every rule of the strict profile is given. */
export interface StrictComparison {
  readonly reader: ProtobufSchema;
  readonly writer: ProtobufSchema;
  /**
   * Whether the reader is the later version. Only then is something that it lacks deleted, and not merely unknown to it as yet:
   * a reader skips what it does not know, but a number that was let go can be taken for something else.
   */
  readonly movesOn: boolean;
  readonly enums: EnumCoverage;
}

/** A finding of the strict profile. */
export function finding(
  axis: Axis,
  kind: StrictProtobufKind,
  path: string,
  message: string,
  witness?: Witness,
): ProtobufIncompatibility {
  return { kind, path, message, axis, ...(witness !== undefined && { witness }) };
}
