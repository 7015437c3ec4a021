import { isLowerSnakeCase } from '../../letter-case.ts';
import type { ProtobufRule } from '../../lint-rule.ts';

export const packageLowerSnakeCase: ProtobufRule = {
  id: 'PACKAGE_LOWER_SNAKE_CASE',
  format: 'PROTOBUF',
  severity: 'warning',
  summary: 'The parts of the package are lower_snake_case.',
  check: ({ file }) =>
    file.package === '' || file.package.split('.').every(isLowerSnakeCase)
      ? []
      : [{ path: '/package', message: `the package ${file.package} is not lower_snake.case` }],
};
