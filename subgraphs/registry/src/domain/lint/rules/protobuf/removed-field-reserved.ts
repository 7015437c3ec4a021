import { createRangeSet } from '../../../protobuf/range-set.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { messagesOf } from '../../protobuf-places.ts';

export const removedFieldReserved: ProtobufRule = {
  id: 'REMOVED_FIELD_RESERVED',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The number of a field that the version before had is reserved when the field is gone.',
  check: ({ file }, _text, previous) => {
    if (previous === undefined) return [];
    const before = new Map(messagesOf(previous.file).map(({ piece }) => [piece.localName, piece]));
    return messagesOf(file).flatMap(({ piece, path }) => {
      const numbers = new Set(piece.fields.map(({ number }) => number));
      const reserved = createRangeSet(piece.reservedRanges);
      return (before.get(piece.localName)?.fields ?? [])
        .filter(({ number }) => !numbers.has(number) && !reserved.has(number))
        .map(({ name, number }) => ({
          path,
          message: `the field ${name} is gone and its number ${number} is not reserved: another may take it by mistake`,
        }));
    });
  },
};
