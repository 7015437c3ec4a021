import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './check.ts';

// Everything CI runs: the checks, then all tests, ending with one line of counts. `--long` runs only the long proofs.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const long = process.argv.includes('--long');
const filters = process.argv.slice(2).filter((argument) => argument !== '--long');

const checks = long || filters.length > 0 ? { passed: [], failed: [] } : runChecks();
const folder = mkdtempSync(join(tmpdir(), 'spine-test-'));
const report = join(folder, 'report.json');
const projects = long ? ['long'] : ['unit', 'pg', 'kafka', 'e2e'];
const { status } = spawnSync(
  'npx',
  [
    'vitest',
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...filters,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, APOLLO_TELEMETRY_DISABLED: '1' } },
);
const counts = readCounts(report);
rmSync(folder, { recursive: true, force: true });

const passed = checks.passed.length + counts.passed;
// A run that broke before or between tests fails even when no single test did.
const broken = status !== 0 && counts.failed === 0 ? 1 : 0;
const failed = checks.failed.length + counts.failed + broken;
if (checks.failed.length > 0) console.log(`checks that failed: ${checks.failed.join(', ')}`);
console.log(`${passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;

function readCounts(file: string): { passed: number; failed: number; skipped: number } {
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: Number(parsed.numPassedTests),
      failed: Number(parsed.numFailedTests),
      skipped: Number(parsed.numPendingTests) + Number(parsed.numTodoTests),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
