import { Problem } from '@spine/kernel/problem';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseEnv } from './parse-env.ts';

const shape = z.object({
  SPINE_HOST: z.string().default('127.0.0.1'),
  SPINE_CDC_PORT: z.coerce.number().int().max(65_535).default(4003),
  SPINE_SERVICE_SECRET: z.string().min(32, 'at least 32 characters'),
  SPINE_DATABASE_URL: z.string(),
});
const good = { SPINE_SERVICE_SECRET: 'x'.repeat(32), SPINE_DATABASE_URL: 'postgres://a' };

function problemOf(env: Record<string, string>): Problem {
  try {
    parseEnv(shape, env);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('the environment was accepted');
}

test('an environment is parsed, with defaults, and foreign variables do not matter', () => {
  expect(parseEnv(shape, { ...good, PATH: '/bin', SPINE_CDC_PORT: '5003' })).toEqual({
    ...good,
    SPINE_HOST: '127.0.0.1',
    SPINE_CDC_PORT: 5003,
  });
});

test('a variable that is set to nothing counts as unset', () => {
  expect(parseEnv(shape, { ...good, SPINE_HOST: '' }).SPINE_HOST).toBe('127.0.0.1');
  expect(problemOf({ ...good, SPINE_DATABASE_URL: '' }).message).toContain('SPINE_DATABASE_URL is required');
});

test('all faults are told at once, and no value is', () => {
  const { message, code } = problemOf({ SPINE_SERVICE_SECRET: 'hunter2', SPINE_CDC_PORT: 'seven' });
  expect(code).toBe('CONFIG_INVALID');
  expect(message).toContain('SPINE_SERVICE_SECRET at least 32 characters');
  expect(message).toContain('SPINE_CDC_PORT is invalid');
  expect(message).toContain('SPINE_DATABASE_URL is required');
  expect(message).not.toMatch(/hunter2|seven/);
});

test('a misspelt variable is named with the one it was meant to be', () => {
  expect(problemOf({ ...good, SPINE_SERVICE_SECERT: 'x' }).message).toContain(
    'SPINE_SERVICE_SECERT is not a variable; did you mean SPINE_SERVICE_SECRET?',
  );
});

test.each(['SPINE_OBLIGATION_KEY_2', 'SPINE_TEST_PG', 'SPINE_WAREHOUSE_URL', 'SPINE_REGISTRY_PORT_4001_TCP'])(
  'a variable of another purpose, like %s, is left alone',
  (name) => {
    expect(() => parseEnv(shape, { ...good, [name]: 'x' })).not.toThrow();
  },
);
