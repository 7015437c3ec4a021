import type { ProtobufRule } from '../../lint-rule.ts';
import { methodsOf } from '../../protobuf-places.ts';

export const rpcNoClientStreaming: ProtobufRule = {
  id: 'RPC_NO_CLIENT_STREAMING',
  format: 'PROTOBUF',
  severity: 'off',
  summary: 'No method streams from the client.',
  check: ({ file }) =>
    methodsOf(file)
      .filter(({ piece }) => piece.clientStreaming)
      .map(({ piece: { name }, path }) => ({ path, message: `the method ${name} streams from the client` })),
};
