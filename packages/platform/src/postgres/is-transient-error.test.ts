import pg from 'pg';
import { expect, test } from 'vitest';
import { isTransientError } from './is-transient-error.ts';

const ofServer = (code: string): Error => Object.assign(new pg.DatabaseError('m', 1, 'error'), { code });
const ofSystem = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  ['the server is shutting down', ofServer('57P01'), true],
  ['the server is starting', ofServer('57P03'), true],
  ['too many connections', ofServer('53300'), true],
  ['a serialisation failure', ofServer('40001'), true],
  ['a replica that was read as a primary', ofServer('25006'), true],
  ['a missing table', ofServer('42P01'), false],
  ['a duplicate key', ofServer('23505'), false],
  ['a cancelled statement', ofServer('57014'), false],
  ['a refused connection', ofSystem('ECONNREFUSED'), true],
  ['all addresses refused', new AggregateError([ofSystem('ECONNREFUSED'), ofSystem('ECONNREFUSED')]), true],
  ['a connection cut in mid-query', new Error('Connection terminated unexpectedly'), true],
  ['a bug of ours', new TypeError('x is undefined'), false],
  ['no error at all', 'ECONNREFUSED', false],
])('%s', (_what, error, transient) => {
  expect(isTransientError(error)).toBe(transient);
});
