import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// A border that no planted fault can cross is a border; a linter that never fails is none.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'spine-borders-'));

const faults: readonly [rule: string, from: string, to: string][] = [
  ['no-cycles', 'packages/platform/src/a.ts', 'packages/platform/src/b.ts'],
  ['kernel-imports-nothing-of-ours', 'packages/kernel/src/a.ts', 'packages/platform/src/c.ts'],
  ['platform-imports-kernel-only', 'packages/platform/src/d.ts', 'subgraphs/registry/src/service.ts'],
  ['open-lineage-stands-alone', 'packages/open-lineage/src/a.ts', 'packages/kernel/src/b.ts'],
  ['client-imports-nothing-of-ours', 'schema/client/src/a.ts', 'packages/kernel/src/d.ts'],
  ['testkit-only-from-tests', 'subgraphs/registry/src/store/a.ts', 'packages/testkit/src/a.ts'],
  ['domain-is-pure', 'subgraphs/registry/src/domain/a.ts', 'subgraphs/registry/src/store/b.ts'],
  ['services-stay-apart', 'subgraphs/registry/src/usecases/a.ts', 'subgraphs/lineage/src/domain/a.ts'],
  ['gateway-stays-apart', 'gateway/src/a.ts', 'subgraphs/lineage/src/domain/b.ts'],
  ['explorer-sees-the-client-only', 'gateway/explorer/src/a.ts', 'packages/kernel/src/e.ts'],
  [
    'store-knows-domain-and-driver',
    'subgraphs/registry/src/store/c.ts',
    'subgraphs/registry/src/usecases/b.ts',
  ],
  [
    'usecases-below-api-and-worker',
    'subgraphs/registry/src/usecases/c.ts',
    'subgraphs/registry/src/api/a.ts',
  ],
  [
    'pipeline-sees-interfaces',
    'subgraphs/cdc/src/pipeline/a.ts',
    'subgraphs/cdc/src/source/postgres-source.ts',
  ],
  ['client-side-sees-services-by-their-factory', 'cli/src/a.ts', 'subgraphs/registry/src/store/d.ts'],
  ['examples-stand-outside', 'examples/shop/src/a.ts', 'packages/kernel/src/c.ts'],
];

let violations: readonly { readonly rule: string; readonly from: string }[] = [];

beforeAll(() => {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const relative = (from: string, to: string) => `${'../'.repeat(from.split('/').length - 1)}${to}`;
  for (const [, , to] of faults) write(to, 'export const there = 1;\n');
  for (const [rule, from, to] of faults) {
    // Type-only: what the compiler erases is still a border crossed.
    write(from, `import type { there } from '${relative(from, to)}';\nexport type Here = typeof there;\n`);
    if (rule === 'no-cycles') {
      write(to, `import type { Here } from '${relative(to, from)}';\nexport const there: Here | 1 = 1;\n`);
    }
  }
  writeFileSync(
    join(folder, 'tsconfig.dev.json'),
    '{ "compilerOptions": { "allowImportingTsExtensions": true, "noEmit": true } }',
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      join(root, '.dependency-cruiser.cjs'),
      '--output-type',
      'json',
      'packages',
      'subgraphs',
      'gateway',
      'schema',
      'cli',
      'examples',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  if (stdout === '') throw new Error(stderr);
  violations = JSON.parse(stdout).summary.violations.map(
    (violation: { rule: { name: string }; from: string }) => ({
      rule: violation.rule.name,
      from: violation.from,
    }),
  );
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('borders', () => {
  test.each(faults)('%s: a planted import is found', (rule, from) => {
    expect(violations).toContainEqual({ rule, from });
  });
});
