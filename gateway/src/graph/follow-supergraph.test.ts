import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog, type RecordingLog } from '@spine/testkit/recording-log';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compose } from '../testing/compose.ts';
import type { Graph } from './create-graph.ts';
import { type FollowedGraph, openSupergraph } from './follow-supergraph.ts';
import { createSupergraphReader, type SupergraphConfig } from './supergraph-config.ts';
import { createVerifySupergraph } from './verify-supergraph.ts';

/** A supergraph of one subgraph with one field, so that the field tells which one is in use. */
function withField(field: string, subgraph = 'catalog'): string {
  return compose([{ name: subgraph, sdl: `type Query { ${field}: String }` }]);
}

let folder: string;
let log: RecordingLog;
let graphs: FollowedGraph | undefined;
let server: Server | undefined;
const outcomes: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spine-supergraph-'));
  log = createRecordingLog();
  outcomes.length = 0;
});
afterEach(async () => {
  await graphs?.close();
  graphs = undefined;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

interface Following extends Partial<SupergraphConfig> {
  readonly warm?: (next: Graph) => Promise<void>;
}

async function follow(from: string, { warm = async () => undefined, ...config }: Following = {}) {
  const proof = { sha256: null, keyFile: null, ...config };
  graphs = await openSupergraph({
    reader: createSupergraphReader({ from, pollMs: 10, ...proof }),
    verify: createVerifySupergraph(proof),
    linked: ['catalog'],
    log,
  });
  graphs.follow({ everyMs: 10, warm, onOutcome: (outcome) => outcomes.push(outcome) });
  return graphs;
}

const fieldOf = (source: FollowedGraph) =>
  Object.keys(source.current().schema.getQueryType()?.getFields() ?? {});
const events = () => log.entries.map(({ fields }) => fields.event);

function replace(file: string, text: string): void {
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}

describe('a supergraph in a file', () => {
  test('is followed when it is written in place, and when another file is renamed over it', async () => {
    const file = join(folder, 'supergraph.graphql');
    writeFileSync(file, withField('one'));
    const source = await follow(file);
    expect(fieldOf(source)).toEqual(['one']);
    writeFileSync(file, withField('second'));
    await eventually(() => expect(fieldOf(source)).toEqual(['second']));
    replace(file, withField('third'));
    await eventually(() => expect(fieldOf(source)).toEqual(['third']));
    expect(outcomes).toEqual(['swapped', 'swapped']);
    expect(source.fault()).toBeNull();
  });

  test('is followed when a link on its way is turned to another folder, as Kubernetes updates a mounted map', async () => {
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'supergraph.graphql'), withField(`from_${name}`));
    }
    symlinkSync('a', join(folder, '..data'));
    symlinkSync('..data/supergraph.graphql', join(folder, 'supergraph.graphql'));
    const source = await follow(join(folder, 'supergraph.graphql'));
    symlinkSync('b', join(folder, '..next'));
    renameSync(join(folder, '..next'), join(folder, '..data'));
    await eventually(() => expect(fieldOf(source)).toEqual(['from_b']));
  });

  test.each([
    ['is no supergraph', () => 'type Query { broken'],
    ['needs a subgraph that no link reaches', () => withField('two', 'elsewhere')],
    ['is empty, as a file half written', () => ''],
  ])('that %s is not taken over: the last good one serves, and the fault is told once', async (_, next) => {
    const file = join(folder, 'supergraph.graphql');
    writeFileSync(file, withField('one'));
    const source = await follow(file);
    const before = source.current();
    replace(file, next());
    await eventually(() => expect(source.fault()).not.toBeNull());
    expect(source.current()).toBe(before);
    replace(file, withField('two'));
    await eventually(() => expect(fieldOf(source)).toEqual(['two']));
    expect(source.fault()).toBeNull();
    expect(events().filter((event) => event === 'supergraph.kept')).toHaveLength(1);
    expect(outcomes).toEqual(['kept', 'swapped']);
  });

  test('that goes away and comes back as it was is no swap', async () => {
    const file = join(folder, 'supergraph.graphql');
    writeFileSync(file, withField('one'));
    const source = await follow(file);
    renameSync(file, `${file}.away`);
    await eventually(() => expect(source.fault()).toContain('there is no supergraph'));
    renameSync(`${file}.away`, file);
    await eventually(() => expect(source.fault()).toBeNull());
    expect(outcomes).toEqual(['kept']);
  });

  test('takes over only when it is warm, and not at all when warming fails', async () => {
    const file = join(folder, 'supergraph.graphql');
    writeFileSync(file, withField('one'));
    const asked: string[][] = [];
    let fails = true;
    const source = await follow(file, {
      async warm() {
        asked.push(fieldOf(source));
        if (fails) throw new Error('the planner gave up');
      },
    });
    replace(file, withField('two'));
    await eventually(() => expect(source.fault()).toBe('the planner gave up'));
    expect(fieldOf(source)).toEqual(['one']);
    fails = false;
    replace(file, withField('three'));
    await eventually(() => expect(fieldOf(source)).toEqual(['three']));
    expect(asked).toEqual([['one'], ['one']]);
  });

  test('of another digest than the pinned one is refused at the start', async () => {
    const file = join(folder, 'supergraph.graphql');
    writeFileSync(file, withField('one'));
    const sha256 = createHash('sha256').update(withField('one')).digest('hex');
    await expect(follow(file, { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'SCHEMA_INVALID' });
    await follow(file, { sha256 });
  });

  test('is taken over only with the signature of the configured key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const keyFile = join(folder, 'key.pem');
    writeFileSync(keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
    const file = join(folder, 'supergraph.graphql');
    const put = (text: string, signed: string) => {
      writeFileSync(file, text);
      replace(`${file}.sig`, `${sign(null, Buffer.from(signed), privateKey).toString('base64')}\n`);
    };
    put(withField('one'), withField('one'));
    const source = await follow(file, { keyFile });
    put(withField('two'), withField('one'));
    await eventually(() => expect(source.fault()).toContain('not signed'));
    expect(fieldOf(source)).toEqual(['one']);
    put(withField('two'), withField('two'));
    await eventually(() => expect(fieldOf(source)).toEqual(['two']));
  });
});

describe('a supergraph at a URL', () => {
  /** A server that knows ETags. */
  async function serve(first: string) {
    const state = { text: first, status: 200, bodies: 0, spared: 0 };
    server = createServer((request, response) => {
      const etag = `"${createHash('sha256').update(state.text).digest('hex')}"`;
      if (state.status !== 200) response.writeHead(state.status).end();
      else if (request.headers['if-none-match'] === etag) {
        state.spared += 1;
        response.writeHead(304, { etag }).end();
      } else {
        state.bodies += 1;
        response.writeHead(200, { etag }).end(state.text);
      }
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const address = listening.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { state, url: `http://127.0.0.1:${address.port}/supergraph.graphql` };
  }

  test('is followed, its body sent only when it is another', async () => {
    const { state, url } = await serve(withField('one'));
    const source = await follow(url);
    state.text = withField('two');
    await eventually(() => expect(fieldOf(source)).toEqual(['two']));
    const sparedBefore = state.spared;
    await eventually(() => expect(state.spared).toBeGreaterThan(sparedBefore + 2));
    expect(state.bodies).toBe(2);
  });

  test('that answers an error, a redirect or too much leaves the last good one, until it is well again', async () => {
    const { state, url } = await serve(withField('one'));
    const source = await follow(url);
    for (const status of [500, 302]) {
      state.status = status;
      await eventually(() => expect(source.fault()).not.toBeNull());
      state.status = 200;
      await eventually(() => expect(source.fault()).toBeNull());
    }
    state.text = `${'#'.repeat(17 * 1_048_576)}\n${withField('two')}`;
    await eventually(() => expect(source.fault()).toContain('more than'));
    expect(fieldOf(source)).toEqual(['one']);
  });
});
