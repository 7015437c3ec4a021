import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemasFileJsonSchema } from '@spine/cli/schema/schemas-file-shape';
import { problemCodes } from '@spine/kernel/problem-codes';
import { spineJsonSchema } from '@spine/spec/json-schema';
import { buildSchema, printSchema } from 'graphql';
import { findChanges } from './schema-changes.ts';
import { generateClient } from './schema-client.ts';
import { composeGraph } from './schema-graph.ts';
import { releaseOf } from './schema-release.ts';

// Regenerates the contracts that come from code: each subgraph's SDL, the supergraph composed of them, the typed client and
// the JSON Schemas of spine.yaml and spine.schemas.yaml. With --check it writes nothing and fails when a committed file is not what the code says; with
// --release it accepts the present graph as the one that clients may rely on.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes('--check');
const clientName = '@spine/client';

const { subgraphs, supergraphSdl, api } = await composeGraph();
const client = await generateClient(api, readOperationFiles(), {
  // Those of the product, and those of the GraphQL layer itself.
  errorCodes: [...Object.keys(problemCodes), ...Object.keys(readJson('schema/graphql/error-codes.json'))],
});
const files = new Map<string, string>([
  ...subgraphs.map(({ name, sdl }): [string, string] => [`schema/graphql/${name}.graphql`, sdl]),
  ['schema/graphql/supergraph.graphql', supergraphSdl],
  ...[...client].map(([file, text]): [string, string] => [`schema/client/${file}`, text]),
  ['schema/spine.schema.json', JSON.stringify(spineJsonSchema(), null, 2)],
  ['schema/spine.schemas.schema.json', JSON.stringify(schemasFileJsonSchema(), null, 2)],
]);
const drifted = [...files]
  .map(([file, text]): [string, string] => [file, formatted(file, text)])
  .filter(([file, text]) => readIfThere(file) !== text);
if (check) {
  for (const [file] of drifted)
    console.error(`${file} is not what the code says; run npm run schema and commit it`);
  process.exit(drifted.length === 0 ? 0 : 1);
}
for (const [file, text] of drifted) write(file, text);
if (drifted.length === 0) console.log('nothing has changed');
if (process.argv.includes('--release')) await release();

interface Manifest {
  readonly name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Bumps the client by what changed since the last release, writes the changelog, and keeps the graph as the released one. */
async function release(): Promise<void> {
  const { version } = readJson('schema/client/package.json');
  const present = `${printSchema(api)}\n`;
  const released = readIfThere('schema/graphql/released.graphql');
  const made =
    released === null
      ? null
      : releaseOf(
          await findChanges(buildSchema(released), api),
          { version, changelog: readIfThere('schema/graphql/CHANGELOG.md') },
          new Date().toISOString().slice(0, 10),
        );
  write('schema/graphql/released.graphql', present);
  if (made === null) return;
  setClientVersion(made.version);
  write('schema/graphql/CHANGELOG.md', made.changelog);
  console.log(`released ${made.version}`);
}

/** Raises the client, and whoever in the workspace asks for it: by its exact version, as for everything. */
function setClientVersion(version: string): void {
  const lock = readJson('package-lock.json');
  for (const [folder, locked] of Object.entries<Manifest>(lock.packages)) {
    const asking = (['dependencies', 'devDependencies'] as const).filter(
      (kind) => locked[kind]?.[clientName],
    );
    if (locked.name !== clientName && asking.length === 0) continue;
    const file = join(folder, 'package.json');
    const manifest: Manifest = readJson(file);
    for (const each of [manifest, locked]) {
      if (each.name === clientName) each.version = version;
      for (const kind of asking) each[kind] = { ...each[kind], [clientName]: version };
    }
    write(file, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  write('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
}

function readJson(file: string) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

function readIfThere(file: string): string | null {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(`wrote ${file}`);
}

function readOperationFiles() {
  const folder = 'schema/graphql/operations';
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(join(root, folder, file), 'utf8') }));
}

/** As the formatter wants it: it looks at JSON and TypeScript, and would undo what is written in another way. */
function formatted(file: string, text: string): string {
  if (!/\.(json|ts)$/.test(file)) return text;
  const biome = join(root, 'node_modules/.bin/biome');
  const { status, stdout, stderr } = spawnSync(biome, ['format', `--stdin-file-path=${file}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
  });
  if (status !== 0) throw new Error(`biome does not format ${file}: ${stderr}`);
  return stdout;
}
