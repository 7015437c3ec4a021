import { simpleName } from '../../../avro/named-type.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { methodsOf } from '../../protobuf-places.ts';

export const rpcRequestStandardName: ProtobufRule = {
  id: 'RPC_REQUEST_STANDARD_NAME',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The request of a method is named after it: `GetRequest` or `OrderServiceGetRequest` for `Get`.',
  check: ({ file }) =>
    methodsOf(file)
      .filter(({ piece: { name, request }, service }) => {
        const allowed = [`${name}Request`, `${service.name}${name}Request`];
        return !allowed.includes(simpleName(request));
      })
      .map(({ piece: { name, request }, path }) => ({
        path,
        message: `the method ${name} takes ${simpleName(request)}, not ${name}Request`,
      })),
};
