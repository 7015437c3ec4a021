import { pointer } from '../../../json.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { isStablePackage, isVersionedPackage } from '../../package-version.ts';

export const stablePackageNoImportUnstable: ProtobufRule = {
  id: 'STABLE_PACKAGE_NO_IMPORT_UNSTABLE',
  format: 'PROTOBUF',
  severity: 'off',
  summary: 'A package of a stable version imports none of an unstable one.',
  check: ({ file, dependencies }) =>
    file.imports
      .filter(({ path }) => {
        const imported = dependencies.find((each) => each.path === path)?.package ?? '';
        return isStablePackage(file.package) && isVersionedPackage(imported) && !isStablePackage(imported);
      })
      .map(({ path }) => ({
        path: pointer('/imports', path),
        message: `${file.package} is stable and ${path}, which it imports, is not`,
      })),
};
