import type { ProtobufRule } from '../../lint-rule.ts';
import { isVersionedPackage } from '../../package-version.ts';

export const packageVersionSuffix: ProtobufRule = {
  id: 'PACKAGE_VERSION_SUFFIX',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The last part of the package is a version, such as `v1` or `v1beta1`.',
  check: ({ file }) =>
    file.package === '' || isVersionedPackage(file.package)
      ? []
      : [{ path: '/package', message: `the package ${file.package} does not end in a version, such as v1` }],
};
