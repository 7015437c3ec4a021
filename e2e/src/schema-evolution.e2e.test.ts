import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, operation } from './ask.ts';
import { createHome, type SpineProcess, startSpineProcess } from './spine-process.ts';

// A schema grows from 1.0.0 to a new line and back, by the commands that people and CI give; the graph tells all of it.
const { home, remove } = createHome();
const subject = 'shop.public.customers';
const file = join(home, 'customers.avsc');
let spine: SpineProcess;

beforeAll(async () => {
  spine = await startSpineProcess({ home });
});
afterAll(async () => {
  await spine?.stop();
  remove();
});

const id = { name: 'id', type: 'long', doc: 'Number of the customer.' };
const email = { name: 'email', type: ['null', 'string'], default: null, doc: 'Where to write to.' };

async function publish(fields: readonly object[], ...options: readonly string[]) {
  const record = { type: 'record', name: 'Customer', namespace: 'shop', doc: 'Who buys.', fields };
  writeFileSync(file, JSON.stringify(record, null, 2));
  const { code, stdout, stderr } = await spine.spine(
    'schema',
    'publish',
    file,
    '--subject',
    subject,
    '--json',
    ...options,
  );
  return { code, text: `${stdout}${stderr}`, published: JSON.parse(stdout).published };
}

test('1.0.0 and a compatible 1.1.0 are published, and a consumer says that it uses the latter (R3, R4, R7)', async () => {
  expect(await publish([id])).toMatchObject({ code: 0, published: [{ semver: '1.0.0' }] });
  expect(await publish([id, email])).toMatchObject({
    code: 0,
    published: [{ semver: '1.1.0', bump: 'MINOR' }],
  });
  const usage = [
    'schema',
    'usage',
    'add',
    subject,
    'billing',
    '--as',
    'consumer',
    '--contact',
    'billing@shop.example',
  ];
  expect(await spine.spine(...usage)).toMatchObject({ code: 0 });
});

test('a breaking change is refused with exit code 11, and the consumer that it would break is named (R5, R7, R12)', async () => {
  const refused = await publish([email]);
  expect(refused).toMatchObject({ code: 11, published: [] });
  expect(refused.text).toContain('billing');
  expect(refused.text).toContain('2.0.0');
});

test('asked for as 2.0.0, the same change opens a line of its own (R4)', async () => {
  expect(await publish([email], '--version', '2.0.0')).toMatchObject({
    code: 0,
    published: [{ semver: '2.0.0', bump: 'MAJOR' }],
  });
});

test('a rollback that would leave data unreadable needs a name, and then makes 1.1.0 the latest again (R3)', async () => {
  const rollback = ['schema', 'rollback', subject, '--to', '1.1.0', '--reason', 'billing stopped'];
  expect(await spine.spine(...rollback)).toMatchObject({ code: 11 });
  expect(await spine.spine(...rollback, '--force', '--approver', 'Ada')).toMatchObject({ code: 0 });
  const shown = await spine.spine('schema', 'show', subject, '--json');
  expect(shown.stdout).toContain('"1.1.0"');
});

test('one query tells all of it: line, breaks, who is affected, who rolled back and why (R8)', async () => {
  const { data, errors } = await ask(spine.run.urls.gateway, operation('SchemaEvolution'), { name: subject });
  expect(errors).toBeUndefined();
  expect(data.subject).toMatchObject({
    name: subject,
    level: 'FULL',
    profile: 'STRICT',
    latest: {
      semver: '1.1.0',
      deployment: {
        deployed: true,
        members: [{ role: 'CONSUMER', name: 'billing', validated: true, why: null }],
      },
    },
    consumers: [{ name: 'billing', version: 2, contact: 'billing@shop.example' }],
    producers: [],
    deprecations: [],
    changelog: {
      nodes: [
        {
          version: {
            semver: '2.0.0',
            bump: 'MAJOR',
            rolledBack: { reason: 'billing stopped', approver: 'Ada' },
          },
          changes: expect.arrayContaining([
            expect.objectContaining({ kind: 'REMOVED', breaks: ['FORWARD'] }),
          ]),
          affected: [{ role: 'CONSUMER', name: 'billing' }],
          markdown: expect.stringContaining('billing'),
        },
        {
          version: { semver: '1.1.0', bump: 'MINOR', rolledBack: null },
          changes: expect.arrayContaining([expect.objectContaining({ kind: 'ADDED', breaks: [] })]),
          affected: [],
        },
        { version: { semver: '1.0.0', bump: 'MAJOR', rolledBack: null }, changes: null, affected: [] },
      ],
    },
  });
});
