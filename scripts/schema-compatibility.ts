import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema } from 'graphql';
import { checkChanges } from './schema-changes.ts';
import { readFieldUsage } from './schema-usage.ts';

// Compares the graph with the released one, and fails when a client that uses what was released would break:
//   npm run schema -- --release   accepts the present graph.
// A folder given as argument takes the place of schema/.
const folder = process.argv[2] ?? join(dirname(dirname(fileURLToPath(import.meta.url))), 'schema');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

const usageFile = 'graphql/usage.json';
const usage = readFieldUsage(existsSync(join(folder, usageFile)) ? read(usageFile) : null, new Date());
const { failures, warnings } = await checkChanges(
  buildSchema(read('graphql/released.graphql')),
  buildSchema(read('client/artifacts/api.graphql')),
  usage,
);
for (const warning of warnings) console.warn(`warning: ${warning}`);
for (const failure of failures) console.error(`breaking: ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
