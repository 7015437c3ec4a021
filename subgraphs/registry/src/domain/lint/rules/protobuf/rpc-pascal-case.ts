import { isPascalCase, toPascalCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { methodsOf } from '../../protobuf-places.ts';

export const rpcPascalCase: ProtobufRule = {
  id: 'RPC_PASCAL_CASE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'Methods are PascalCase.',
  check: ({ file }) =>
    methodsOf(file)
      .filter(({ piece: { name } }) => !isPascalCase(name))
      .map(({ piece: { name }, path }) => ({
        path,
        message: `the method ${name} is not PascalCase, as ${toPascalCase(name)} is`,
      })),
};
