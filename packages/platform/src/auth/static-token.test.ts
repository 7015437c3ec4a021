import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTokensFile } from './static-token.ts';

const folder = mkdtempSync(join(tmpdir(), 'spine-tokens-'));
function fileOf(content: unknown): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
const good = { id: 'ci', sha256: 'a'.repeat(64), roles: ['publisher'] };

test('a tokens file is read, functions being optional', () => {
  expect(readTokensFile(fileOf([good]))).toEqual([{ ...good, functions: [], expiresAt: null }]);
});

test.each<[string, unknown, RegExp]>([
  ['not JSON', '{', /cannot be read as JSON/],
  ['no list', {}, /array/],
  ['an empty list', [], /./],
  ['a hash that is none', [{ ...good, sha256: 'secret' }], /0\.sha256/],
  ['an unknown role', [{ ...good, roles: ['root'] }], /0\.roles\.0/],
  ['the role of our own processes', [{ ...good, roles: ['service'] }], /0\.roles\.0/],
  ['an unknown key', [{ ...good, secret: 'x' }], /secret/],
  ['two tokens of one id', [good, good], /share an id/],
])('%s is refused, naming the file and the fault', (_name, content, fault) => {
  const file = fileOf(content);
  expect(() => readTokensFile(file)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(fault) }),
  );
  expect(() => readTokensFile(file)).toThrow(file);
});

test('a missing file is named', () => {
  expect(() => readTokensFile('/nowhere/tokens.json')).toThrow('/nowhere/tokens.json');
});
