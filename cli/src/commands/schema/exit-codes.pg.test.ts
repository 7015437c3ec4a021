import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../exit-codes.ts';
import { startRegistryForCommands } from '../../testing/registry-for-commands.ts';
import { createWorkFolder, repository, type WorkFolder } from '../../testing/run-command.ts';

// docs/exit-codes.md tells a story: files, and commands that end with a code. Here it is told, from the first to the last.
const text = readFileSync(join(repository, 'docs/exit-codes.md'), 'utf8');
const fences = [...text.matchAll(/^```(\S+) (\S+)\n(.*?)^```$/gms)].map(([, language, info, body]) => ({
  language,
  info: info ?? '',
  body: body ?? '',
}));
const examples = fences.filter(({ info }) => info.startsWith('exit='));

let registry: Awaited<ReturnType<typeof startRegistryForCommands>>;
let folder: WorkFolder;

beforeAll(async () => {
  registry = await startRegistryForCommands();
  folder = createWorkFolder({ SPINE_REGISTRY_URL: registry.url });
  for (const { info, body } of fences) if (!info.startsWith('exit=')) folder.write(info, body);
});

afterAll(async () => {
  folder?.remove();
  await registry?.close();
});

test('every code has its row, its section and, but for residency, an example that ends with it', () => {
  for (const code of Object.values(exitCodes)) {
    expect(text).toMatch(new RegExp(`^\\| \\[${code}\\]\\(#${code}-`, 'm'));
    expect(text).toMatch(new RegExp(`^## ${code}: `, 'm'));
    if (code !== exitCodes.denied) expect(examples.map(({ info }) => info)).toContain(`exit=${code}`);
  }
});

test.each(examples)('$body ends with $info', async ({ info, body }) => {
  const { code, stdout, stderr } = await folder.run('sh', ['-ec', body]);
  expect(`exit=${code}`, `${stdout}${stderr}`).toBe(info);
});
