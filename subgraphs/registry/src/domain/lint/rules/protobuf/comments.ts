import { pointer } from '../../../json.ts';
import type { ProtoPiece } from '../../../protobuf/proto-file.ts';
import type { ProtobufFile } from '../../../protobuf/protobuf-schema.ts';
import type { Severity } from '../../lint-finding.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import {
  enumsOf,
  fieldsOf,
  messagesOf,
  methodsOf,
  type Placed,
  placed,
  valuesOf,
} from '../../protobuf-places.ts';

interface Commented {
  readonly id: string;
  readonly plural: string;
  readonly severity: Severity;
  readonly pieces: (file: ProtobufFile) => readonly Placed<ProtoPiece>[];
}

const commented: readonly Commented[] = [
  { id: 'COMMENT_MESSAGE', plural: 'Messages', severity: 'warning', pieces: messagesOf },
  { id: 'COMMENT_FIELD', plural: 'Fields', severity: 'warning', pieces: fieldsOf },
  { id: 'COMMENT_ENUM', plural: 'Enums', severity: 'warning', pieces: enumsOf },
  { id: 'COMMENT_ENUM_VALUE', plural: 'The values of enums', severity: 'off', pieces: valuesOf },
  { id: 'COMMENT_ONEOF', plural: 'Oneofs', severity: 'off', pieces: oneofsOf },
  {
    id: 'COMMENT_SERVICE',
    plural: 'Services',
    severity: 'warning',
    pieces: ({ services }) => placed(services, ''),
  },
  { id: 'COMMENT_RPC', plural: 'Methods', severity: 'off', pieces: methodsOf },
];

/** One rule for each kind of piece that a comment may stand before. */
export const comments: readonly ProtobufRule[] = commented.map(({ id, plural, severity, pieces }) => ({
  id,
  format: 'PROTOBUF',
  severity,
  summary: `${plural} say by a comment what they are.`,
  check: ({ file }) =>
    pieces(file)
      .filter(({ piece: { doc = '' } }) => doc.trim() === '')
      .map(({ piece: { name }, path }) => ({ path, message: `${name} has no comment` })),
}));

function oneofsOf(file: ProtobufFile): readonly Placed<ProtoPiece>[] {
  return messagesOf(file).flatMap(({ piece, path }) => placed(piece.oneofs, pointer(path, 'oneofs')));
}
