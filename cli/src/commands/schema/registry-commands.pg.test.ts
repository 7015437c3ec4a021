import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRegistryForCommands } from '../../testing/registry-for-commands.ts';
import { createWorkFolder, repository, type WorkFolder } from '../../testing/run-command.ts';

let registry: Awaited<ReturnType<typeof startRegistryForCommands>>;
let folder: WorkFolder;

const id = { name: 'id', type: 'long' };

beforeAll(async () => {
  registry = await startRegistryForCommands();
  folder = createWorkFolder({ SPINE_REGISTRY_URL: registry.url });
});

afterAll(async () => {
  folder?.remove();
  await registry?.close();
});

function writeOrder(fields: readonly object[], file = 'order.avsc'): void {
  folder.write(file, { type: 'record', name: 'Order', fields });
}

async function json(...args: readonly string[]) {
  const { code, stdout, stderr } = await folder.spine(...args, '--json');
  return { code, document: JSON.parse(stdout || 'null'), stderr };
}

// The story of R1 to R10 from the command line; each test goes on where the one before it ended.
test('publishing numbers by what changed, and is idempotent', async () => {
  writeOrder([id]);
  expect(await json('schema', 'publish', 'order.avsc', '--subject', 'orders')).toMatchObject({
    code: 0,
    document: { published: [{ subject: 'orders', version: 1, semver: '1.0.0' }], compatible: true },
  });
  writeOrder([id, { name: 'note', type: 'string', default: '' }]);
  const second = await folder.spine('schema', 'publish', 'order.avsc', '--subject', 'orders');
  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('orders 1.1.0') });
  const again = await folder.spine('schema', 'publish', 'order.avsc', '--subject', 'orders');
  expect(again.stdout).toBe(second.stdout);
});

test('a dry run says what would happen, and publishes nothing', async () => {
  writeOrder([
    id,
    { name: 'note', type: 'string', default: '' },
    { name: 'gift', type: ['null', 'int'], default: null },
  ]);
  const { code, stdout } = await folder.spine(
    'schema',
    'publish',
    'order.avsc',
    '--subject',
    'orders',
    '--dry-run',
  );
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('which makes 1.2.0') });
  expect(stdout).toContain('nothing was published');
  expect((await json('schema', 'show', 'orders')).document).toMatchObject({ semver: '1.1.0' });
});

test('a breaking change is refused with 11, the consumer that breaks and the place in the file', async () => {
  await folder.spine('schema', 'usage', 'add', 'orders', 'billing', '--as', 'consumer', '--version', '1.1.0');
  writeOrder([
    { name: 'id', type: 'string' },
    { name: 'note', type: 'string', default: '' },
  ]);
  const refused = await folder.spine(
    'schema',
    'publish',
    'order.avsc',
    '--subject',
    'orders',
    '--sarif',
    'out/s.sarif',
  );
  expect(refused.code).toBe(11);
  expect(refused.stdout).toContain('breaks FULL of orders');
  expect(refused.stdout).toContain('which needs 2.0.0');
  expect(refused.stdout).toMatch(/order\.avsc:7:15 TYPE_MISMATCH/);
  // The old version is the other reader, and its text is shown, too.
  expect(refused.stdout).toMatch(/orders version 1:\d+:\d+ TYPE_MISMATCH/);
  expect(refused.stdout).toContain('consumer billing');
  const checked = await json('schema', 'validate', 'order.avsc', '--subject', 'orders');
  expect(checked).toMatchObject({
    code: 11,
    document: { compatible: false, results: [{ subject: 'orders', affected: [{ name: 'billing' }] }] },
  });
});

test('a version is deployed when everyone who uses the subject was held against it (R7)', async () => {
  const deployment = (version: string) =>
    folder.spine('schema', 'deployment', 'orders', '--version', version);
  expect(await deployment('1.1.0')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('orders 1.1.0 is deployed'),
  });
});

test('a new major version is taken where it is asked for, and a number that understates is not', async () => {
  const ask = (version: string) =>
    folder.spine('schema', 'publish', 'order.avsc', '--subject', 'orders', '--version', version);
  expect(await ask('1.2.0')).toMatchObject({ code: 12, stdout: expect.stringContaining('needs 2.0.0') });
  expect(await ask('2.0.0')).toMatchObject({ code: 0, stdout: expect.stringContaining('orders 2.0.0') });
  const { code, stdout } = await folder.spine('schema', 'deployment', 'orders');
  expect(code).toBe(1);
  expect(stdout).toMatch(/2\.0\.0 is not deployed[\s\S]*consumer\s+billing/);
});

test('what was published is listed, shown, compared and told version by version', async () => {
  expect((await folder.spine('schema', 'list')).stdout).toMatch(/orders\s+2\.0\.0\s+3\s+AVRO\s+FULL/);
  expect((await folder.spine('schema', 'list', 'nobody')).stdout).toBe('no subjects\n');
  const versions = await folder.spine('schema', 'show', 'orders', '--versions');
  expect(versions.stdout.match(/^\d+ .*live$/gm)).toHaveLength(3);
  const { stdout } = await folder.spine('schema', 'show', 'orders', '--version', '1.0.0', '--text');
  expect(JSON.parse(stdout)).toMatchObject({ fields: [id] });
  const diff = await folder.spine(
    'schema',
    'diff',
    '--subject',
    'orders',
    '--from',
    '1.0.0',
    '--to',
    '1.1.0',
  );
  expect(diff.stdout).toContain('+ field Order.note added');
  const changelog = await folder.spine('schema', 'changelog', 'orders');
  expect(changelog.stdout).toMatch(/orders 2\.0\.0[\s\S]*orders 1\.1\.0[\s\S]*orders 1\.0\.0/);
  const markdown = await folder.spine('schema', 'changelog', 'orders', '--format', 'markdown');
  expect(markdown.stdout).toMatch(/^#+ .*2\.0\.0/m);
});

test('a rollback makes an older version the latest again', async () => {
  const denied = await folder.spine(
    'schema',
    'rollback',
    'orders',
    '--to',
    '1.1.0',
    '--reason',
    'billing fails',
  );
  expect(denied.code).toBe(11);
  const forced = await folder.spine(
    'schema',
    'rollback',
    'orders',
    '--to',
    '1.1.0',
    '--reason',
    'billing fails',
    '--force',
    '--approver',
    'ann',
  );
  expect(forced).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('latest of orders is 1.1.0 again'),
  });
  expect((await json('schema', 'show', 'orders')).document).toMatchObject({ semver: '1.1.0' });
  expect((await folder.spine('schema', 'show', 'orders', '--versions')).stdout).toContain('2.0.0');
});

test('deprecating, deleting and registering usage tell what they did', async () => {
  const deprecated = await folder.spine(
    'schema',
    'deprecate',
    'orders',
    '--version',
    '1.0.0',
    '--sunset',
    '2027-03-31',
  );
  expect(deprecated.stdout).toContain('orders 1.0.0 is deprecated, until 2027-03-31');
  expect((await folder.spine('schema', 'usage', 'list', 'orders')).stdout).toMatch(/consumer\s+billing\s+2/);
  const removed = await folder.spine('schema', 'usage', 'remove', 'orders', 'billing', '--as', 'consumer');
  expect(removed).toMatchObject({ code: 0 });
  expect((await folder.spine('schema', 'delete', 'orders', '--version', '1.0.0')).stdout).toContain(
    '1.0.0 deleted',
  );
});

test('a mapping publishes each schema after those that it refers to, with what it says of the data', async () => {
  folder.write('schemas/line.avsc', {
    type: 'record',
    name: 'Line',
    namespace: 'shop',
    fields: [
      { name: 'at', type: 'shop.Address' },
      { name: 'email', type: 'string' },
    ],
  });
  folder.write('schemas/address.avsc', {
    type: 'record',
    name: 'Address',
    namespace: 'shop',
    fields: [{ name: 'city', type: 'string' }],
  });
  folder.write(
    'spine.schemas.yaml',
    `defaults: { level: BACKWARD, owner: shop }
schemas:
  - file: schemas/line.avsc
    subject: lines
    tags: { email: ["pii:email"] }
    class: confidential
    retention: P90D
    references: [{ name: shop.Address, subject: address }]
  - file: schemas/address.avsc
    subject: address
`,
  );
  const { code, document } = await json('schema', 'publish');
  expect(code).toBe(0);
  expect(document.published.map((each: { subject: string }) => each.subject)).toEqual(['address', 'lines']);
  expect((await json('schema', 'show', 'lines')).document).toMatchObject({
    references: [{ name: 'shop.Address', subject: 'address', version: 1 }],
    tags: { email: ['pii:email'] },
    dataClass: 'confidential',
    retention: 'P90D',
  });
});

test('a published schema is referred to by subject and version, and its text need not be there', async () => {
  folder.write('parcel.avsc', {
    type: 'record',
    name: 'Parcel',
    fields: [{ name: 'to', type: 'shop.Address' }],
  });
  const args = ['schema', 'publish', 'parcel.avsc', '--subject', 'parcels'];
  const missing = await folder.spine(...args);
  expect(missing).toMatchObject({ code: 2, stdout: expect.stringContaining('"shop.Address"') });
  // The place is in the file, though the registry found it.
  expect(missing.stdout).toMatch(/parcel\.avsc:7:15 SCHEMA_INVALID/);
  const published = await folder.spine(...args, '--references', 'shop.Address=address@1');
  expect(published).toMatchObject({ code: 0, stdout: expect.stringContaining('parcels 1.0.0') });
});

test('a lint rule that the subject holds for an error refuses a publish with 10', async () => {
  const settings = await fetch(`${registry.url}/schemas/parcels/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ lint: { AVRO_FIELD_DOC: 'error' } }),
  });
  expect(settings.status).toBe(200);
  folder.write('parcel.avsc', {
    type: 'record',
    name: 'Parcel',
    fields: [
      { name: 'to', type: 'shop.Address' },
      { name: 'grams', type: 'int', default: 0 },
    ],
  });
  const refused = await folder.spine(
    ...['schema', 'publish', 'parcel.avsc', '--subject', 'parcels'],
    ...['--references', 'shop.Address=address@1'],
  );
  expect(refused.code).toBe(10);
  expect(refused.stdout).toMatch(/parcel\.avsc:\d+:\d+ AVRO_FIELD_DOC \/fields\/1/);
});

test('lint asks the registry that it is told of, and follows what the subject says of rules', async () => {
  const args = ['schema', 'lint', 'parcel.avsc', '--subject', 'parcels'];
  const referring = [...args, '--references', 'shop.Address=address@1'];
  const refused = await folder.spine(...referring, '--url', registry.url);
  expect([refused.code, refused.stdout]).toEqual([10, expect.stringMatching(/AVRO_FIELD_DOC \/fields\/1/)]);
  const document = JSON.parse((await folder.spine(...referring, '--url', registry.url, '--json')).stdout);
  expect(document.results[0].findings).toContainEqual(
    expect.objectContaining({ kind: 'AVRO_FIELD_DOC', severity: 'error', path: '/fields/1' }),
  );
  expect((await folder.spine(...args, '--url', 'http://127.0.0.1:9')).code).toBe(3);
  const both = await folder.spine(...args, '--url', registry.url, '--fix');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--fix')]);
  expect((await folder.spine(...args, '--url', 'nowhere')).code).toBe(2);
});

test('the script of a release publishes the mapping, leaves reports, and may be run again', async () => {
  const script = join(repository, 'ci/schema-publish.sh');
  const released = await folder.run(script, []);
  expect(released, released.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/address 1\.0\.0[\s\S]*lines 1\.0\.0/),
  });
  expect(readFileSync(join(folder.path, 'spine-reports/publish.xml'), 'utf8')).toContain('failures="0"');
  expect((await folder.run(script, [])).stdout).toBe(released.stdout);
});

test('a registry that does not answer ends with 3, whatever the command', async () => {
  const env = { SPINE_REGISTRY_URL: 'http://127.0.0.1:9' };
  for (const args of [['publish'], ['validate'], ['list'], ['rollback', 'orders', '--to', '1']]) {
    expect((await folder.run('spine', ['schema', ...args], env)).code).toBe(3);
  }
});
