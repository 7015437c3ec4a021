import { isPascalCase, toPascalCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';
import { enumsOf } from '../../protobuf-places.ts';

export const enumPascalCase: ProtobufRule = {
  id: 'ENUM_PASCAL_CASE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'Enums are PascalCase.',
  check: ({ file }) =>
    enumsOf(file)
      .filter(({ piece: { name } }) => !isPascalCase(name))
      .map(({ piece: { name }, path }) => ({
        path,
        message: `the enum ${name} is not PascalCase, as ${toPascalCase(name)} is`,
      })),
};
