import { isPascalCase, toPascalCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { placed } from '../../protobuf-places.ts';

export const servicePascalCase: ProtobufRule = {
  id: 'SERVICE_PASCAL_CASE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'Services are PascalCase.',
  check: ({ file }) =>
    placed(file.services, '')
      .filter(({ piece: { name } }) => !isPascalCase(name))
      .map(({ piece: { name }, path }) => ({
        path,
        message: `the service ${name} is not PascalCase, as ${toPascalCase(name)} is`,
      })),
};
