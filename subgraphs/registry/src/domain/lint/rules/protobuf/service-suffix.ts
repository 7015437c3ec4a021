import type { ProtobufRule } from '../../lint-rule.ts';
import { placed } from '../../protobuf-places.ts';

export const serviceSuffix: ProtobufRule = {
  id: 'SERVICE_SUFFIX',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The names of services end in `Service`.',
  check: ({ file }) =>
    placed(file.services, '')
      .filter(({ piece: { name } }) => !name.endsWith('Service'))
      .map(({ piece: { name }, path }) => ({ path, message: `the service ${name} does not end in Service` })),
};
