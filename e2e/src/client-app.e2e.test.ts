import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as documents from '@spine/client';
import {
  AcknowledgeViolationDocument,
  createSpineClient,
  DatasetsDocument,
  OpenViolationsDocument,
} from '@spine/client';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type ShopStage, shopStages } from './shop-stage.ts';

// The example is built and run as a user would have it: in a folder of its own, with the packed client and plain Node.
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const app = mkdtempSync(join(tmpdir(), 'spine-client-app-'));
let stage: ShopStage;
const running = new Set<ChildProcess>();

/** What an installation would do, without a registry: the tarball is unpacked, what it depends on linked. */
function install(): void {
  execFileSync(bin('tsc'), ['-b', 'schema/client'], { cwd: root });
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', app], {
    cwd: join(root, 'schema/client'),
    encoding: 'utf8',
  });
  const client = join(app, 'node_modules/@spine/client');
  mkdirSync(client, { recursive: true });
  execFileSync('tar', [
    '-xzf',
    join(app, JSON.parse(packed)[0].filename),
    '--strip-components=1',
    '-C',
    client,
  ]);
  const dependencies = ['graphql', 'graphql-ws', '@graphql-typed-document-node', '@types', 'undici-types'];
  for (const name of dependencies) {
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
  }
  for (const file of ['package.json', 'tsconfig.json', 'src']) {
    cpSync(join(root, 'examples/client-app', file), join(app, file), { recursive: true });
  }
}

/** Runs the built example. */
function startApp(): { output(): string; stop(): Promise<void> } {
  let output = '';
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: app,
    env: {
      ...process.env,
      SPINE_GATEWAY_URL: stage.urls.gateway,
      SPINE_TOKEN: stage.token,
      CURSOR_FILE: join(stage.home, 'cursor'),
    },
  });
  running.add(child);
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    output: () => output,
    async stop() {
      child.kill('SIGINT');
      await closed;
      running.delete(child);
    },
  };
}

beforeAll(install);
afterAll(() => rmSync(app, { recursive: true }));

test('the packed client holds what it promises, and nothing that needs a workspace', () => {
  const manifest = JSON.parse(readFileSync(join(app, 'node_modules/@spine/client/package.json'), 'utf8'));
  expect(Object.keys(manifest.dependencies).filter((name) => name.startsWith('@spine/'))).toEqual([]);
  for (const file of ['api.graphql', 'introspection.json', 'persisted-operations.json']) {
    const artifact = join(app, 'node_modules/@spine/client/artifacts', file);
    expect(readFileSync(artifact, 'utf8').length).toBeGreaterThan(100);
  }
});

test('the example compiles outside the workspace, and a field that the graph has not does not', () => {
  execFileSync(bin('tsc'), ['-p', app]);
  const main = join(app, 'src/main.ts');
  const text = readFileSync(main, 'utf8');
  writeFileSync(main, text.replace('latest?.semver', 'latest?.semantic'));
  expect(() => execFileSync(bin('tsc'), ['-p', app, '--noEmit'], { encoding: 'utf8' })).toThrow(
    expect.objectContaining({ stdout: expect.stringContaining("Property 'semantic' does not exist") }),
  );
  writeFileSync(main, text);
});

describe.each(shopStages)('the client against %s', (_how, start) => {
  beforeAll(async () => {
    stage = await start();
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await stage?.stop();
  });

  test('it shows a dataset joined from all services, follows violations, and goes on where it was left', async () => {
    const url = `${stage.urls.gateway}/graphql`;
    const client = createSpineClient({ url, token: stage.token });
    try {
      // Denied by the example's matrix from the start.
      const open = await eventually(
        async () => {
          const { openViolations } = await client.query(OpenViolationsDocument);
          const [violation] = openViolations.nodes;
          if (violation === undefined) throw new Error('no violation yet');
          return violation;
        },
        { timeoutMs: 60_000 },
      );

      // The app shows a dataset that is moved: lineage hears of it a moment after the route starts.
      await eventually(
        async () => {
          const { datasets } = await client.query(DatasetsDocument, { first: 100 });
          expect(datasets.nodes.some(({ routes }) => routes.length > 0)).toBe(true);
        },
        { timeoutMs: 30_000 },
      );
      const first = startApp();
      await eventually(() => expect(first.output()).toContain('SnapshotComplete'), { timeoutMs: 30_000 });
      expect(first.output()).toMatch(/^\S+ \d+\.\d+\.\d+ (internal|confidential|public|restricted)$/m);
      expect(first.output()).toContain(open.reason);
      await first.stop();

      // What happens while nobody listens comes first when somebody does again, and nothing comes twice.
      const { acknowledgeViolation } = await client.mutate(AcknowledgeViolationDocument, {
        input: { id: open.id, comment: 'seen', idempotencyKey: 'client-app' },
      });
      expect(acknowledgeViolation.__typename).toBe('ViolationAcknowledged');
      const second = startApp();
      await eventually(() => expect(second.output()).toContain('ViolationUpdated'), { timeoutMs: 30_000 });
      expect(second.output()).not.toContain('SnapshotComplete');
      expect(second.output()).not.toContain(open.reason);
      await second.stop();
    } finally {
      await client.close();
    }
  });

  test('every committed operation is answered as its document says, over HTTP and over a socket', async () => {
    const client = createSpineClient({
      url: `${stage.urls.gateway}/graphql`,
      token: stage.token,
      webSocket: WebSocket,
    });
    try {
      const dataset = await eventually(async () => {
        const { datasets } = await client.query(DatasetsDocument, { first: 100 });
        const found = datasets.nodes.find(({ routes }) => routes.length > 0);
        if (found === undefined) throw new Error('no route yet');
        return { namespace: found.namespace, name: found.name };
      });
      const subject = 'client-app';
      const schema = JSON.stringify({
        type: 'record',
        name: 'Visit',
        fields: [{ name: 'id', type: 'string' }],
      });
      const input = { idempotencyKey: 'every-operation', subject, schema };

      await client.query(documents.HeadlineDocument, dataset);
      await client.query(documents.LineageDocument, dataset);
      await client.query(documents.RoutesDocument, { first: 10 });
      await client.query(documents.LedgerHeadDocument);
      const { matrix } = await client.query(documents.MatrixDocument);
      const checked = await client.query(documents.CheckSchemaDocument, { input: { subject, schema } });
      expect(checked.checkSchema).toMatchObject({ __typename: 'SchemaCheck', publishable: true });
      const published = await client.mutate(documents.PublishSchemaDocument, { input });
      expect(published.publishSchema).toMatchObject({ __typename: 'SchemaPublished', created: true });
      const { subject: found } = await client.query(documents.SubjectDocument, { name: subject });
      expect(found?.latest?.schema).toContain('Visit');
      const signed = await client.mutate(documents.SignMatrixDocument, {
        input: {
          idempotencyKey: 'every-operation',
          version: matrix?.version ?? 0,
          digest: matrix?.digest ?? '',
        },
      });
      // It is in force already.
      expect(signed.signMatrix.__typename).not.toBe('InvalidInput');

      for (const stream of [
        client.subscribe(documents.ViolationsDocument),
        client.subscribe(documents.DecisionsDocument),
        client.subscribe(documents.LineageChangesDocument),
        client.subscribe(documents.SchemaChangesDocument),
      ]) {
        for await (const item of stream) {
          expect(Object.values(item)[0].cursor).toEqual(expect.any(String));
          break;
        }
      }
    } finally {
      await client.close();
    }
  });

  test('the counts of what clients selected come out as the export that CI weighs by', async () => {
    const { from, to, fields } = JSON.parse(await stage.spine('graph', 'usage', '--json'));
    expect(from <= to).toBe(true);
    expect(fields['Query.openViolations']).toBeGreaterThan(0);
    expect(fields['Subscription.violations']).toBeGreaterThan(0);
  });
});
