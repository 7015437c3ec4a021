import { optionWord } from '../../../protobuf/proto-file.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { enumsOf } from '../../protobuf-places.ts';

export const enumNoAllowAlias: ProtobufRule = {
  id: 'ENUM_NO_ALLOW_ALIAS',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'No enum has two names for one number (`allow_alias`).',
  check: ({ file }) =>
    enumsOf(file)
      .filter(({ piece }) => optionWord(piece.options, 'allow_alias') === 'true')
      .map(({ piece, path }) => ({ path, message: `${piece.name} allows two names for one number` })),
};
