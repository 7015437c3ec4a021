import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createTokenFile } from './token-file.ts';

let file: string;
let events: Record<string, unknown>[];
let time: number;
const log = {
  info: (fields: object) => void events.push({ ...fields }),
  warn: (fields: object) => void events.push({ ...fields }),
};
const token = (id: string) => ({ id, sha256: 'a'.repeat(64), roles: ['viewer'] });
const write = (content: unknown): void =>
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'spine-tokens-')), 'tokens.json');
  events = [];
  time = 1_000_000;
});
function open(): () => readonly string[] {
  const read = createTokenFile({ file, log });
  // A second passes between two that ask.
  return () => {
    time += 1_000;
    return read(new Date(time)).map(({ id }) => id);
  };
}

test('a token that is written into the file is known from then on, and one that is taken out no more', () => {
  write([token('old')]);
  const ids = open();
  expect(ids()).toEqual(['old']);
  write([token('old'), token('new')]);
  expect(ids()).toEqual(['old', 'new']);
  writeFileSync(`${file}.next`, JSON.stringify([token('new')]));
  renameSync(`${file}.next`, file);
  expect(ids()).toEqual(['new']);
  expect(events).toMatchObject([
    { event: 'auth.tokens_read' },
    { event: 'auth.tokens_read', tokens: ['new'] },
  ]);
});

test('while the file is broken or gone the tokens read last stay good, which is said once', () => {
  write([token('good')]);
  const ids = open();
  write('[{ "id": "half');
  expect([ids(), ids(), ids()]).toEqual([['good'], ['good'], ['good']]);
  expect(events).toMatchObject([{ event: 'auth.tokens_not_read' }]);
  rmSync(file);
  expect(ids()).toEqual(['good']);
  write([token('whole')]);
  expect(ids()).toEqual(['whole']);
  expect(events.map(({ event }) => event)).toEqual([
    'auth.tokens_not_read',
    'auth.tokens_not_read',
    'auth.tokens_read',
  ]);
});

test('a file that was half written at one look is read whole at the next, though it kept its size and time', () => {
  write([token('good')]);
  const ids = open();
  const whole = JSON.stringify([token('next')]);
  const when = new Date(2_000_000);
  write(whole.replace('}]', '} '));
  utimesSync(file, when, when);
  expect(ids()).toEqual(['good']);
  write(whole);
  utimesSync(file, when, when);
  expect(ids()).toEqual(['next']);
});

test('it is looked at once a second at most', () => {
  write([token('old')]);
  const read = createTokenFile({ file, log });
  const idsAt = (ms: number) => read(new Date(ms)).map(({ id }) => id);
  idsAt(10_000);
  write([token('old'), token('new')]);
  expect(idsAt(10_999)).toEqual(['old']);
  expect(idsAt(11_000)).toEqual(['old', 'new']);
});

test('a first file that is faulty is no file at all', () => {
  write('{');
  expect(() => createTokenFile({ file, log })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});
