import type { ProtobufRule } from '../../lint-rule.ts';
import { valuesOf } from '../../protobuf-places.ts';

export const enumZeroValueSuffix: ProtobufRule = {
  id: 'ENUM_ZERO_VALUE_SUFFIX',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The value 0 of an enum says that nothing was said: its name ends in `_UNSPECIFIED`.',
  check: ({ file }) =>
    valuesOf(file)
      .filter(({ piece: { name, number } }) => number === 0 && !name.endsWith('_UNSPECIFIED'))
      .map(({ piece: { name }, path }) => ({
        path,
        message: `the value ${name} is 0, which readers see where nothing was set, and does not end in _UNSPECIFIED`,
      })),
};
