import type { ProtobufRule } from '../../lint-rule.ts';
import { methodsOf } from '../../protobuf-places.ts';

export const rpcNoServerStreaming: ProtobufRule = {
  id: 'RPC_NO_SERVER_STREAMING',
  format: 'PROTOBUF',
  severity: 'off',
  summary: 'No method streams from the server.',
  check: ({ file }) =>
    methodsOf(file)
      .filter(({ piece }) => piece.serverStreaming)
      .map(({ piece: { name }, path }) => ({ path, message: `the method ${name} streams from the server` })),
};
