// Builds the page into dist/, with a compressed copy beside each file. Plain JavaScript, for `npm ci` runs it.
// `--if-stale` builds only what was not built of these very sources.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const folder = import.meta.dirname;
const dist = join(folder, 'dist');
const stamp = join(dist, 'built-of');
const digest = digestOf([
  ...['build.js', 'index.html', 'package.json', 'vite.config.ts'].map((name) => join(folder, name)),
  ...filesIn(join(folder, 'src')).filter((file) => !file.endsWith('.test.ts')),
  ...filesIn(join(folder, '../../schema/client/src')).filter((file) => file.includes('resume-subscription')),
]);

if (!(process.argv.includes('--if-stale') && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest)) {
  const startedAt = performance.now();
  const vite = await import('vite').catch(() => null);
  if (vite === null) {
    console.log(
      'explorer: not built, for vite is not installed here (npm install with development packages)',
    );
  } else {
    await vite.build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'error' });
    await Promise.all(filesIn(dist).map(compress));
    // Last: a build that broke is no build.
    await writeFile(stamp, digest);
    console.log(`explorer: built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
}

async function compress(file) {
  if (!/\.(js|css|html|svg|ttf)$/.test(file)) return;
  const content = await readFile(file);
  // Quality 11 would take most of a minute for the editor.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(content, { params }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${file}.br`, brotli), writeFile(`${file}.gz`, gzipped)]);
}

function filesIn(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(folder, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}
