import { expect, test } from 'vitest';
import { matchPrefix, parseContext, qualifySubject, splitSubject } from './qualified-subject.ts';

test.each([
  ['orders', '.', 'orders'],
  [':.:orders', '.', 'orders'],
  [':.lab:orders', '.lab', 'orders'],
  [':.lab:', '.lab', ''],
  [':.lab:a:b', '.lab', 'a:b'],
  ['a:b', '.', 'a:b'],
  [':orders', '.', ':orders'],
])('%s lies in context %s and is called %s', (name, context, subject) => {
  expect(splitSubject(name)).toEqual({ context, subject });
});

test('the default context leaves no trace in a stored name, another one does', () => {
  expect(qualifySubject(':.:orders')).toBe('orders');
  expect(qualifySubject('orders', '.lab')).toBe(':.lab:orders');
  expect(qualifySubject(':.other:orders', '.lab')).toBe(':.other:orders');
});

test('a context may be named with or without its dot and its colons', () => {
  expect(['lab', '.lab', ':.lab:', '.', ':.:'].map(parseContext)).toEqual(['.lab', '.lab', '.lab', '.', '.']);
});

test.each([
  [':*:', ['orders', ':.lab:orders', 'payments']],
  [':*:ord', ['orders', ':.lab:orders']],
  ['', ['orders', 'payments']],
  ['ord', ['orders']],
  [':.lab:', [':.lab:orders']],
  [':.lab:pay', []],
])('the prefix %j asks for %j', (prefix, expected) => {
  expect(['orders', ':.lab:orders', 'payments'].filter(matchPrefix(prefix))).toEqual(expected);
});
