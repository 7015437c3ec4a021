import { expect, test } from 'vitest';
import {
  isCamelCase,
  isLowerSnakeCase,
  isPascalCase,
  isUpperSnakeCase,
  toLowerSnakeCase,
  toPascalCase,
  toUpperSnakeCase,
} from './letter-case.ts';

test.each([
  ['OrderLine', 'pascal'],
  ['HTTPServer', 'pascal'],
  ['orderLine', 'camel'],
  ['order_line', 'snake'],
  ['line_2', 'snake'],
  ['ORDER_LINE', 'upper'],
  ['order__line', 'none'],
  ['_order', 'none'],
  ['order_', 'none'],
  ['Order_Line', 'none'],
  ['2nd', 'none'],
])('%s is %s', (name, wanted) => {
  const fitting = {
    pascal: isPascalCase,
    camel: isCamelCase,
    snake: isLowerSnakeCase,
    upper: isUpperSnakeCase,
  };
  const found = Object.entries(fitting).filter(([, fits]) => fits(name));
  expect(found.map(([word]) => word)).toEqual(wanted === 'none' ? [] : [wanted]);
});

test.each([
  ['OrderLine', 'order_line'],
  ['HTTPStatusCode', 'http_status_code'],
  ['orderID', 'order_id'],
  ['order-line.item', 'order_line_item'],
  ['Line2Total', 'line2_total'],
])('%s becomes %s', (name, snake) => {
  expect(toLowerSnakeCase(name)).toBe(snake);
  expect(toUpperSnakeCase(name)).toBe(snake.toUpperCase());
});

test('a name of other letters becomes PascalCase', () => {
  expect(['web_order', 'web-order', 'webOrder'].map(toPascalCase)).toEqual([
    'WebOrder',
    'WebOrder',
    'WebOrder',
  ]);
});
