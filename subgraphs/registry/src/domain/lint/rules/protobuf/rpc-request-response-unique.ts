import { simpleName } from '../../../avro/named-type.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { methodsOf } from '../../protobuf-places.ts';

export const rpcRequestResponseUnique: ProtobufRule = {
  id: 'RPC_REQUEST_RESPONSE_UNIQUE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'A message is request or response of one method only, so that methods can change apart.',
  check: ({ file }) => {
    const methods = methodsOf(file);
    const uses = new Map<string, number>();
    for (const { piece } of methods) {
      for (const type of [piece.request, piece.response]) uses.set(type, (uses.get(type) ?? 0) + 1);
    }
    return methods.flatMap(({ piece: { name, request, response }, path }) =>
      [...new Set([request, response])]
        .filter((type) => (uses.get(type) ?? 0) > 1)
        .map((type) => ({
          path,
          message: `${simpleName(type)} of the method ${name} serves elsewhere, too`,
        })),
    );
  },
};
