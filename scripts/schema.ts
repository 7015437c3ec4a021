import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { buildCdcSubgraph } from '@spine/cdc/sdl';
import { buildGovernanceSubgraph } from '@spine/governance/sdl';
import { buildLineageSubgraph } from '@spine/lineage/sdl';
import { buildRegistrySubgraph } from '@spine/registry/sdl';
import { spineJsonSchema } from '@spine/spec/json-schema';
import { parse } from 'graphql';

// Regenerates the contracts that come from code: each subgraph's SDL, the supergraph composed of them, and the JSON Schema of
// spine.yaml. With --check it writes nothing and fails when a committed file is not what the code says.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes('--check');

const subgraphs = await Promise.all([
  buildCdcSubgraph(),
  buildGovernanceSubgraph(),
  buildLineageSubgraph(),
  buildRegistrySubgraph(),
]);
const composed = composeServices(
  subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `http://${name}.spine/graphql` })),
);
if (composed.errors !== undefined) {
  console.error(composed.errors.map((error) => error.message).join('\n\n'));
  process.exit(1);
}
const files = new Map<string, string>([
  ...subgraphs.map(({ name, sdl }): [string, string] => [`schema/graphql/${name}.graphql`, sdl]),
  ['schema/graphql/supergraph.graphql', `${composed.supergraphSdl}\n`],
  [
    'schema/spine.schema.json',
    formatted('schema/spine.schema.json', JSON.stringify(spineJsonSchema(), null, 2)),
  ],
]);
const drifted = [...files].filter(([file, text]) => {
  const path = join(root, file);
  return !existsSync(path) || readFileSync(path, 'utf8') !== text;
});
if (check) {
  for (const [file] of drifted)
    console.error(`${file} is not what the code says; run npm run schema and commit it`);
  process.exit(drifted.length === 0 ? 0 : 1);
}
for (const [file, text] of drifted) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(`wrote ${file}`);
}
if (drifted.length === 0) console.log('nothing has changed');

/** As the formatter wants it: it looks at JSON, and would undo what is written in another way. */
function formatted(file: string, text: string): string {
  const biome = join(root, 'node_modules/.bin/biome');
  const { status, stdout, stderr } = spawnSync(biome, ['format', `--stdin-file-path=${file}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`biome does not format ${file}: ${stderr}`);
  return stdout;
}
