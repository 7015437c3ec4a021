import { pointer } from '../../../json.ts';
import type { ProtobufRule } from '../../lint-rule.ts';

export const importNoWeak: ProtobufRule = {
  id: 'IMPORT_NO_WEAK',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'No import is weak.',
  check: ({ file }) =>
    file.imports
      .filter(({ kind }) => kind === 'weak')
      .map(({ path }) => ({ path: pointer('/imports', path), message: `${path} is imported weakly` })),
};
