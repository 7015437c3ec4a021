import type { Axis } from '../check-rules.ts';
import type { Witness } from '../incompatibility.ts';
import type { ProtobufKind } from './protobuf-kinds.ts';

/** An incompatibility between two Protobuf schemas. */
export interface ProtobufIncompatibility {
  readonly kind: ProtobufKind;
  readonly path: string;
  readonly message: string;
  readonly axis?: Axis;
  readonly witness?: Witness;
}
