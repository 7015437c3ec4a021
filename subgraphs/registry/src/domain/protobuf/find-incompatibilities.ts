import type { CheckRules } from '../check-rules.ts';
import { findConfluentIncompatibilities } from './confluent/find-confluent-incompatibilities.ts';
import type { ProtobufIncompatibility } from './protobuf-incompatibility.ts';
import type { ProtobufSchema } from './protobuf-schema.ts';
import { findStrictIncompatibilities } from './strict/find-strict-incompatibilities.ts';

/**
 * Every reason why `reader` should not meet what was written with `writer`. Under `confluent` what Confluent's registry
 * refuses; under `strict` all that breaks bytes, JSON or source, each with the mildest axis that it breaks.
 */
export function findProtobufIncompatibilities(
  reader: ProtobufSchema,
  writer: ProtobufSchema,
  rules: CheckRules,
): readonly ProtobufIncompatibility[] {
  return rules.profile === 'confluent'
    ? findConfluentIncompatibilities(reader, writer)
    : findStrictIncompatibilities(reader, writer, rules.newer ?? 'READER');
}
