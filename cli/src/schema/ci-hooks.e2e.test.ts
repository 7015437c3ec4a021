import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createWorkFolder, repository, type WorkFolder } from '../testing/run-command.ts';

// What the ready hooks run, in repositories of git of their own: no service of a CI system is needed.
const script = (name: string): string => join(repository, 'ci', name);
const id = { name: 'id', type: 'long', doc: 'Number of the order.' };
const note = { name: 'note', type: 'string', doc: 'What the customer asked for.' };

let folder: WorkFolder;

beforeEach(async () => {
  folder = createWorkFolder();
  await git('init', '--quiet', '--initial-branch=main');
  folder.write('.gitignore', '.bin/\n.spine/\nspine-reports/\n');
  writeOrder([id]);
  folder.write(
    'spine.schemas.yaml',
    'schemas:\n  - { file: "schemas/*.avsc", subject: "{name}", level: BACKWARD }\n',
  );
});

afterEach(() => folder.remove());

function writeOrder(fields: readonly object[], file = 'schemas/order.avsc'): void {
  folder.write(file, { type: 'record', name: 'Order', doc: 'What a customer has bought.', fields });
}

async function git(...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  const { code, stdout, stderr } = await folder.run('git', [...identity, ...args]);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

async function commit(message: string): Promise<void> {
  await git('add', '--all');
  await git('commit', '--quiet', '--message', message);
}

test('a branch that breaks a level fails with 11, whatever the base has done since', async () => {
  await commit('begin');
  await git('switch', '--quiet', '--create', 'branch');
  writeOrder([id, note]);
  await commit('break it');
  await git('switch', '--quiet', 'main');
  // Were the branch compared with the head of main, this would look like a removal of its own.
  writeOrder([id, { name: 'gift', type: 'boolean', default: false, doc: 'Whether it is wrapped.' }]);
  await commit('go on');
  await git('switch', '--quiet', 'branch');
  const failed = await folder.run(script('schema-check.sh'), [], { SPINE_BASE_REF: 'main' });
  expect(failed.code, failed.stderr).toBe(11);
  expect(failed.stdout).toContain('READER_FIELD_MISSING_DEFAULT_VALUE');
  expect(failed.stdout).not.toContain('gift');
  const sarif = JSON.parse(readFileSync(join(folder.path, 'spine-reports/compatibility.sarif'), 'utf8'));
  expect(sarif.runs[0].results).toHaveLength(1);
  expect(readFileSync(join(folder.path, 'spine-reports/compatibility.xml'), 'utf8')).toContain(
    'failures="1"',
  );
  writeOrder([id, { ...note, default: '' }]);
  const passed = await folder.run(script('schema-check.sh'), [], { SPINE_BASE_REF: 'main' });
  expect(passed.code, passed.stdout).toBe(0);
});

test('a renamed file is compared with what it was called, and a new one has nothing to break', async () => {
  await commit('begin');
  await git('mv', 'schemas/order.avsc', 'schemas/purchase.avsc');
  writeOrder([id, note], 'schemas/purchase.avsc');
  writeOrder([id], 'schemas/new.avsc');
  const { code, stdout } = await folder.spine('schema', 'validate', '--base-ref', 'HEAD');
  expect(code).toBe(11);
  expect(stdout).toMatch(/✗ schemas\/purchase\.avsc breaks BACKWARD against schemas\/purchase\.avsc@/);
  expect(stdout).toMatch(/✓ schemas\/new\.avsc is a valid schema, with nothing before it/);
  // By an absolute path, too.
  const byPath = join(folder.path, 'schemas/purchase.avsc');
  expect((await folder.spine('schema', 'validate', byPath, '--base-ref', 'HEAD')).code).toBe(11);
});

test('a schema is checked when what it imports has changed, though its own text has not', async () => {
  folder.write(
    'proto/order.proto',
    'syntax = "proto3";\nimport "money.proto";\nmessage Order { Money total = 1; }\n',
  );
  folder.write('proto/money.proto', 'syntax = "proto3";\nmessage Money { int64 units = 1; }\n');
  await commit('begin');
  folder.write('proto/money.proto', 'syntax = "proto3";\nmessage Money { string units = 1; }\n');
  const args = ['schema', 'validate', 'proto/order.proto', '--base-ref', 'HEAD', '--json'];
  const { code, stdout } = await folder.spine(...args);
  expect(code, stdout).toBe(11);
  expect(JSON.parse(stdout).results[0].incompatibilities[0]).toMatchObject({
    kind: 'FIELD_NAMED_TYPE_CHANGED',
  });
});

test('the step of the GitHub action fetches the base of a shallow checkout, annotates, and tells its code', async () => {
  await commit('begin');
  await git('switch', '--quiet', '--create', 'branch');
  writeOrder([id, note]);
  await commit('break it');
  await git('clone', '--quiet', '--depth=1', '--branch=branch', `file://${folder.path}`, 'checkout');
  const { code, stdout, stderr } = await folder.run('sh', ['-c', `cd checkout && '${script('github.sh')}'`], {
    GITHUB_BASE_REF: 'main',
    GITHUB_OUTPUT: join(folder.path, 'output'),
  });
  expect(code, stderr).toBe(11);
  expect(stdout).toMatch(/^::error file=schemas\/order\.avsc,line=11,/m);
  expect(readFileSync(join(folder.path, 'output'), 'utf8')).toBe('exit-code=11\nreports=true\n');
});

test.each([
  ['action.yml', 'ci/github.sh', ['ci/schema-check.sh']],
  ['ci/publish/action.yml', '../schema-publish.sh', ['cli/src/client/spine-client.ts']],
])('%s hands every input to its step by a variable that is read there', (action, called, others) => {
  const { runs, inputs } = parse(readFileSync(join(repository, action), 'utf8'));
  const [, step] = runs.steps;
  expect(step.run).toBe(`"$GITHUB_ACTION_PATH/${called}"`);
  const file = join(dirname(action), called);
  accessSync(join(repository, file), constants.X_OK);
  const text = [file, ...others].map((each) => readFileSync(join(repository, each), 'utf8')).join('');
  for (const variable of Object.keys(step.env)) expect(text).toContain(variable);
  const used = JSON.stringify(runs);
  for (const input of Object.keys(inputs)) expect(used).toContain(`inputs.${input}`);
});

test('the job of GitLab compares with the base of the merge request', async () => {
  await commit('begin');
  const base = await git('rev-parse', 'HEAD');
  writeOrder([id, note]);
  await commit('break it');
  const { 'spine-schemas': job, '.spine': shared } = parse(readFileSync(script('gitlab.yml'), 'utf8'));
  const commands = job.script.join('\n').replaceAll('/opt/spine', repository);
  const { code, stdout } = await folder.run('sh', ['-ec', commands], {
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    SPINE_REPORTS: shared.variables.SPINE_REPORTS,
  });
  expect(code, stdout).toBe(11);
  expect(shared.artifacts.reports.junit).toBe('spine-reports/*.xml');
  expect(readFileSync(join(folder.path, 'spine-reports/compatibility.xml'), 'utf8')).toContain('<failure ');
});

test('the hook of pre-commit compares what is to be committed with HEAD, and lets the first commit be', async () => {
  const [hook] = parse(readFileSync(join(repository, '.pre-commit-hooks.yaml'), 'utf8'));
  const entry = join(repository, hook.entry);
  accessSync(entry, constants.X_OK);
  expect('schemas/order.avsc').toMatch(new RegExp(hook.files));
  expect(await folder.run(entry, ['schemas/order.avsc'])).toMatchObject({ code: 0, stdout: '' });
  await commit('begin');
  writeOrder([id, note]);
  await git('add', '--all');
  expect(await folder.run(entry, ['schemas/order.avsc'])).toMatchObject({ code: 11 });
  writeOrder([id, { ...note, default: '' }]);
  expect(await folder.run(entry, ['schemas/order.avsc'])).toMatchObject({ code: 0 });
});

test('a version in the mapping that understates the change since the base fails with 12 (R17)', async () => {
  const mapping = (version: string) =>
    `schemas:\n  - { file: schemas/order.avsc, subject: order, level: BACKWARD, version: ${version} }\n`;
  const validate = () => folder.spine('schema', 'validate', '--base-ref', 'HEAD');
  folder.write('spine.schemas.yaml', mapping('1.4.0'));
  await commit('begin');
  writeOrder([id, { ...note, default: '' }]);
  folder.write('spine.schemas.yaml', mapping('1.4.1'));
  const understated = await validate();
  expect(understated.code).toBe(12);
  expect(understated.stdout).toContain('the change is MINOR, which needs 1.5.0');
  folder.write('spine.schemas.yaml', mapping('1.5.0'));
  expect((await validate()).code).toBe(0);
  // A breach is taken where the number says that it is one.
  writeOrder([id, note]);
  expect((await validate()).code).toBe(12);
  folder.write('spine.schemas.yaml', mapping('2.0.0'));
  expect((await validate()).code).toBe(0);
});

test('a lint error fails the check with 10 where every level is kept', async () => {
  await commit('begin');
  writeOrder([id, { name: 'note', type: 'string', default: '' }]);
  const rule = '    lint: { AVRO_FIELD_DOC: error }\n';
  folder.write('spine.schemas.yaml', `schemas:\n  - file: schemas/order.avsc\n    subject: order\n${rule}`);
  const env = { SPINE_BASE_REF: 'HEAD' };
  expect((await folder.run(script('schema-check.sh'), [], env)).code).toBe(10);
  expect((await folder.run(script('schema-check.sh'), [], { ...env, SPINE_LINT: 'false' })).code).toBe(0);
});

test('files may be named one a line, with spaces and globs in them', async () => {
  await commit('begin');
  writeOrder([id, note]);
  writeOrder([id], 'more schemas/other order.avsc');
  const { code, stdout } = await folder.run(script('schema-check.sh'), [], {
    SPINE_BASE_REF: 'HEAD',
    SPINE_FILES: 'more schemas/other order.avsc\nschemas/*.avsc\n',
    SPINE_LINT: 'false',
  });
  expect(code).toBe(11);
  expect(stdout).toContain('more schemas/other order.avsc is a valid schema');
  expect(stdout).toContain('1 of 2 files fail');
});
