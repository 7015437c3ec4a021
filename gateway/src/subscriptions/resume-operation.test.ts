import { buildSchema, parse, specifiedRules, validate } from 'graphql';
import { expect, test } from 'vitest';
import { resumeOperation } from './resume-operation.ts';

const schema = buildSchema(`
  scalar Cursor
  type Query { none: Int }
  type Subscription { events(after: Cursor, kind: String, first: Int): Event! }
  type Event { cursor: Cursor!, body(length: Int): String }
`);

test.each([
  ['no cursor', 'subscription { events { cursor } }', {}, {}],
  ['a cursor as a literal', 'subscription { events(after: "theirs") { cursor } }', {}, {}],
  [
    'a cursor as a variable',
    'subscription($a: Cursor) { events(after: $a) { cursor } }',
    { a: 'theirs' },
    {},
  ],
  [
    'other arguments',
    'subscription($k: String, $a: Cursor) { events(kind: $k, after: $a, first: 3) { cursor } }',
    { k: 'x', a: 'theirs' },
    { k: 'x' },
  ],
  [
    'one variable for the cursor and elsewhere',
    'subscription($n: Int, $a: Cursor) { events(after: $a) { body(length: $n) } }',
    { n: 2, a: 'theirs' },
    { n: 2 },
  ],
])('a subscription with %s begins after our cursor, and stays valid', (_, query, given, kept) => {
  const resumed = resumeOperation(parse(query), 'Cursor');
  expect(resumed).not.toBeNull();
  if (resumed === null) return;
  expect(validate(schema, parse(resumed.query), specifiedRules)).toEqual([]);
  expect(resumed.query).toContain('after: $_spineAfter');
  expect(resumed.query.match(/after:/g)).toHaveLength(1);
  expect(resumed.variablesAfter(given, 'ours')).toEqual({ ...kept, _spineAfter: 'ours' });
});

test.each([
  'subscription { events { cursor } other: events { cursor } }',
  'subscription { ... on Subscription { events { cursor } } }',
  'subscription A { events { cursor } } subscription B { events { cursor } }',
])('%s has no one place to put a cursor', (query) => {
  expect(resumeOperation(parse(query), 'Cursor')).toBeNull();
});
