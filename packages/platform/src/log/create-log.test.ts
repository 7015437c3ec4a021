import { Problem } from '@spine/kernel/problem';
import { expect, test } from 'vitest';
import { createLog, type LogLevel } from './create-log.ts';

function recording(level: LogLevel = 'info', pretty = false) {
  const lines: string[] = [];
  const log = createLog({ service: 'registry', level, pretty, write: (line) => lines.push(line) });
  return { log, lines, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}') };
}

test('an event is one JSON line with time, level, service and its fields', () => {
  const { log, last } = recording();
  log.child({ requestId: 'r1' }).info({ event: 'checkpoint.recorded', lsn: 7n });
  expect(last()).toMatchObject({
    level: 'info',
    service: 'registry',
    requestId: 'r1',
    event: 'checkpoint.recorded',
    lsn: '7',
  });
  expect(last()['at']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test('events below the level are not written', () => {
  const { log, lines } = recording('warn');
  log.info({ event: 'a.b' });
  expect(lines).toEqual([]);
});

test.each<[string, Record<string, unknown>]>([
  ['a header', { headers: { Authorization: 'Bearer hunter2hunter2' } }],
  ['a password member', { config: [{ password: 'hunter2' }] }],
  ['a connection URL', { url: 'postgres://app:hunter2@db:5432/x' }],
  ['a connection URL with an empty user', { url: 'redis://:hunter2@db' }],
  ['a URL inside an error', { err: new Error('cannot reach postgres://app:hunter2@db/x') }],
  [
    'a URL inside a cause',
    { err: new Problem('TIMEOUT', 'late', { cause: new Error('http://u:hunter2@h') }) },
  ],
  ['a password in a query', { dsn: 'host=db password=hunter2 user=a' }],
  ['a signed token in a text', { text: 'got eyJhbGciOiJIUzI1NiJ9.hunter2hunter2.c2ln' }],
  ['a credential in a text', { text: 'sent Authorization: Bearer hunter2hunter2' }],
  ['a child field', { deep: { deeper: { token: 'hunter2' } } }],
])('the secret in %s is not written', (_name, fields) => {
  const { log, lines } = recording();
  log.child(fields).error({ event: 'x.y', ...fields });
  expect(lines.join('')).not.toContain('hunter2');
});

test('row values that Postgres puts into errors are not written', () => {
  const error = Object.assign(new Error('invalid input syntax for type integer: "ann@example.org"'), {
    code: '22P02',
    detail: 'Key (email)=(ann@example.org) already exists.',
    where: 'COPY customers, line 1, column email: "ann@example.org"',
  });
  const { log, lines, last } = recording();
  log.error({ event: 'x.y', err: error });
  expect(lines.join('')).not.toContain('ann@example.org');
  expect(last()['err']).toMatchObject({
    code: '22P02',
    message: 'invalid input syntax for type integer: "?"',
  });
});

test('an error keeps its causes', () => {
  const { log, last } = recording();
  log.error({
    event: 'x.y',
    err: new Error('outer', { cause: new AggregateError([new Error('inner')], 'many') }),
  });
  expect(last()['err']).toMatchObject({
    message: 'outer',
    cause: { message: 'many', errors: [{ message: 'inner' }] },
  });
});

test('a value that contains itself is cut off, not followed', () => {
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  const { log, lines } = recording();
  log.info({ event: 'x.y', loop });
  expect(lines).toHaveLength(1);
});

test('pretty events are one readable line', () => {
  const { log, lines } = recording('info', true);
  log.warn({ event: 'lease.lost', lease: 'orders', note: 'two words' });
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}registry lease\.lost lease=orders note="two words"\n$/);
});
