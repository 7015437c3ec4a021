import { pointer } from '../../../json.ts';
import type { ProtobufRule } from '../../lint-rule.ts';

export const importNoPublic: ProtobufRule = {
  id: 'IMPORT_NO_PUBLIC',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'No import is public.',
  check: ({ file }) =>
    file.imports
      .filter(({ kind }) => kind === 'public')
      .map(({ path }) => ({ path: pointer('/imports', path), message: `${path} is imported publicly` })),
};
