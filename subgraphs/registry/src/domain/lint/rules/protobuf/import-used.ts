import { pointer } from '../../../json.ts';
import type { ProtobufSchema } from '../../../protobuf/protobuf-schema.ts';
import { importEdit } from '../../import-edit.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { createNameUse, namesProvided } from '../../protobuf-names.ts';

export const importUsed: ProtobufRule = {
  id: 'IMPORT_USED',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'Every import is used.',
  check: (schema, text) => {
    const uses = createNameUse(schema.file);
    return schema.file.imports
      .filter(({ path, kind }) => kind !== 'public' && !isUsed(schema, path, uses))
      .map(({ path }) => {
        const edit = importEdit(text, path);
        const summary = `take the import of ${path} out`;
        return {
          path: pointer('/imports', path),
          message: `${path} is imported and not used`,
          ...(edit !== undefined && { fix: { summary, edits: [edit] } }),
        };
      });
  },
};

/** An import provides what its file declares, and what that file passes on by public imports. */
function isUsed(schema: ProtobufSchema, path: string, uses: (name: string) => boolean): boolean {
  const provided = namesProvided(schema, path);
  // A file that is not there to be looked at gets the benefit of the doubt.
  return provided === undefined || provided.some(uses);
}
