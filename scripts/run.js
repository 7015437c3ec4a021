#!/usr/bin/env node
// Runs a TypeScript entry point from source: tsx compiles it, the condition picks the workspaces' sources.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/run.js ENTRY [ARGS]');
  process.exit(2);
}
const child = spawn(
  process.execPath,
  ['--conditions=@spine/source', '--import', import.meta.resolve('tsx'), join(root, entry), ...args],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      TSX_TSCONFIG_PATH: join(root, 'tsconfig.dev.json'),
      APOLLO_TELEMETRY_DISABLED: '1',
    },
  },
);
// The child drains on a signal; this process only waits for it. Ctrl-C reaches both by the terminal.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => {
  process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1));
});
