import type { ProtobufRule } from '../../lint-rule.ts';
import { enumsOf } from '../../protobuf-places.ts';

export const enumFirstValueZero: ProtobufRule = {
  id: 'ENUM_FIRST_VALUE_ZERO',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The first value of an enum has the number 0.',
  check: ({ file }) =>
    enumsOf(file)
      .filter(({ piece: { values } }) => values[0] !== undefined && values[0].number !== 0)
      .map(({ piece, path }) => ({ path, message: `the first value of ${piece.name} is not 0` })),
};
