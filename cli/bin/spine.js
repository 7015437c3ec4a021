#!/usr/bin/env node
// From a checkout the sources run by tsx; from an image, which holds no sources, the built files run.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const cli = dirname(dirname(fileURLToPath(import.meta.url)));
const launcher = join(cli, '..', 'scripts', 'run.js');
if (existsSync(join(cli, 'src', 'main.ts')) && existsSync(launcher)) {
  process.argv.splice(2, 0, 'cli/src/main.ts');
  await import(pathToFileURL(launcher).href);
} else {
  await import(pathToFileURL(join(cli, 'dist', 'main.js')).href);
}
