import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

/** Everything that CI asks of the text of the project, before any test runs. */
const checks: readonly Check[] = [
  { name: 'format and lint', command: ['npx', 'biome', 'ci', '--diagnostic-level=warn', '.'] },
  { name: 'types', command: ['npx', 'tsc', '-p', 'tsconfig.dev.json'] },
  { name: 'types of the explorer', command: ['npx', 'tsc', '-p', 'gateway/explorer'] },
  { name: 'borders', command: ['npx', 'depcruise', '--config', '.dependency-cruiser.cjs', ...sources()] },
  { name: 'dead code', command: ['npx', 'knip', '--no-progress'] },
  { name: 'schema drift', command: ['node', 'scripts/run.js', 'scripts/schema.ts', '--check'] },
  { name: 'breaking changes', command: ['node', 'scripts/run.js', 'scripts/schema-compatibility.ts'] },
];

function sources(): string[] {
  return [
    'packages',
    'subgraphs',
    'gateway/src',
    'gateway/explorer/src',
    'schema/client/src',
    'cli/src',
    'examples',
    'e2e/src',
    'bench/src',
  ];
}

/** Runs every check, prints what failed, and answers the names of both kinds. */
export function runChecks(): { readonly passed: readonly string[]; readonly failed: readonly string[] } {
  const passed: string[] = [];
  const failed: string[] = [];
  for (const { name, command } of checks) {
    const startedAt = Date.now();
    const [program = '', ...args] = command;
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (status === 0) {
      passed.push(name);
      console.log(`  ok    ${name} (${seconds} s)`);
    } else {
      failed.push(name);
      console.log(`  FAIL  ${name} (${seconds} s): ${command.join(' ')}\n${stdout}${stderr}`);
    }
  }
  return { passed, failed };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = runChecks().failed.length === 0 ? 0 : 1;
}
