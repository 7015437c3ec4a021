import { simpleName } from '../../../avro/named-type.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { methodsOf } from '../../protobuf-places.ts';

export const rpcResponseStandardName: ProtobufRule = {
  id: 'RPC_RESPONSE_STANDARD_NAME',
  format: 'PROTOBUF',
  severity: 'warning',
  summary:
    'The response of a method is named after it: `GetResponse` or `OrderServiceGetResponse` for `Get`.',
  check: ({ file }) =>
    methodsOf(file)
      .filter(({ piece: { name, response }, service }) => {
        const allowed = [`${name}Response`, `${service.name}${name}Response`];
        return !allowed.includes(simpleName(response));
      })
      .map(({ piece: { name, response }, path }) => ({
        path,
        message: `the method ${name} answers ${simpleName(response)}, not ${name}Response`,
      })),
};
