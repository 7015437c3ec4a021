import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

// A page that points at a file that is not there has stopped being true.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages = [
  join(root, 'README.md'),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(root, 'docs', file)),
].map((page) => relative(root, page));

const links = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));

describe('documents', () => {
  test.each(pages)('every link of %s leads somewhere', (page) => {
    const broken = links(page).filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(broken).toEqual([]);
  });

  test('every invariant names a test that enforces it', () => {
    const specs = pages.filter((page) => page.startsWith('docs/spec/'));
    expect(specs.length).toBe(9);
    for (const page of specs) expect(links(page).some((target) => target.includes('.test.ts'))).toBe(true);
  });
});
