import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkFolder, type WorkFolder } from '../testing/run-command.ts';
import { findSchemas, readMapping } from './find-schemas.ts';

let folder: WorkFolder;

beforeAll(() => {
  folder = createWorkFolder();
  for (const file of ['events/made.proto', 'events/paid.proto', 'order.schema.json', 'odd [1].avsc']) {
    folder.write(file, '');
  }
});

afterAll(() => folder.remove());

async function mapping(text: string) {
  folder.write('spine.schemas.yaml', text);
  return await readMapping(`${folder.path}/spine.schemas.yaml`);
}

test('a glob of the mapping names each file by {name}, and what is not said comes from the defaults', async () => {
  const found = await mapping(`
defaults: { level: BACKWARD, owner: shop }
schemas:
  - { file: "events/*.proto", subject: "{name}-value", level: FULL }
  - { file: order.schema.json, subject: "{name}" }
`);
  expect(found).toMatchObject([
    { file: `${folder.path}/events/made.proto`, subject: 'made-value', level: 'FULL', owner: 'shop' },
    { file: `${folder.path}/events/paid.proto`, subject: 'paid-value', level: 'FULL' },
    { file: `${folder.path}/order.schema.json`, subject: 'order', level: 'BACKWARD' },
  ]);
});

test('a glob of many files needs {name} in its subject', async () => {
  const wrong = mapping('schemas: [{ file: "events/*.proto", subject: events }]');
  await expect(wrong).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('2 files'),
  });
});

test('a file that the mapping maps is known by it, however it is named', async () => {
  await mapping('schemas: [{ file: events/paid.proto, subject: paid }]');
  const files = [`${folder.path}/./events/../events/paid.proto`, `${folder.path}/events/*.proto`];
  // Once, though it is named twice.
  const found = await findSchemas(files, `${folder.path}/spine.schemas.yaml`);
  expect(found.map(({ subject }) => subject)).toEqual(['paid', undefined]);
});

test('a name that is there is taken as it is, though it looks like a glob', async () => {
  const name = `${folder.path}/odd [1].avsc`;
  expect(await findSchemas([name])).toEqual([{ file: name }]);
});

test('a glob that finds nothing is a fault', async () => {
  const nothing = findSchemas([`${folder.path}/none/*.avsc`]);
  await expect(nothing).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
