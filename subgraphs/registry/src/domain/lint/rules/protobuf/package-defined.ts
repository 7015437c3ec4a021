import type { ProtobufRule } from '../../lint-rule.ts';

export const packageDefined: ProtobufRule = {
  id: 'PACKAGE_DEFINED',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The file has a package.',
  check: ({ file }) =>
    file.package === '' ? [{ path: '/package', message: 'the file has no package' }] : [],
};
