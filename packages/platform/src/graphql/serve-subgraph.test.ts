import 'reflect-metadata';
import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance } from 'fastify';
import { type Client, createClient } from 'graphql-ws';
import {
  Arg,
  Authorized,
  Ctx,
  createUnionType,
  Directive,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createAuthenticator } from '../auth/authenticate.ts';
import { type Claims, claimsOf } from '../auth/claims.ts';
import { makePrincipal } from '../auth/principal.ts';
import { signRequest } from '../auth/service-signature.ts';
import { type StaticToken } from '../auth/static-token.ts';
import { signConnection, signSubscribe } from '../auth/subscription-signature.ts';
import { createHttpServer } from '../http/create-http-server.ts';
import { listen } from '../http/listen.ts';
import { createLog } from '../log/create-log.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import { createPullIterator } from '../stream/pull-iterator.ts';
import type { StreamItem } from '../stream/stream-item.ts';
import { buildSubgraph, type Subgraph } from './build-subgraph.ts';
import { type Connection, connectionType, pageArgs, toConnection } from './connection.ts';
import { createGraphContext, type GraphContext } from './context.ts';
import { keyText } from './entity-key.ts';
import { mapStream } from './map-stream.ts';
import { Cursor } from './scalars.ts';
import { serveSubgraph } from './serve-subgraph.ts';
import { InvalidInput } from './shared-types.ts';
import { StreamItemFields, streamItemTypes } from './stream-item-types.ts';

@ObjectType()
@Directive('@key(fields: "name")')
class Shelf {
  @Field(() => ID)
  name!: string;

  @Authorized('security')
  @Field(() => String, { nullable: true })
  secret!: string | null;
}
const ShelfConnection = connectionType(Shelf);
const shelf = (name: string): Shelf => Object.assign(new Shelf(), { name, secret: `secret of ${name}` });

const streams = streamItemTypes('ShelfStreamItem');

@ObjectType({ implements: streams.interfaces.ShelfStreamItem })
class ShelfAdded extends StreamItemFields {
  @Field(() => Shelf)
  shelf!: Shelf;

  @Field(() => String)
  seenBy!: string;
}

@ObjectType()
class ShelfMade {
  @Field(() => Shelf)
  shelf!: Shelf;
}
const MakeShelfResult = createUnionType({
  name: 'MakeShelfResult',
  types: () => [ShelfMade, InvalidInput] as const,
});

/** What the subscriptions of a test read, and whether they were let go. */
class Source {
  readonly items: StreamItem<string>[] = [];
  opened = 0;
  ended = 0;
  fail: Error | undefined;
  wake: () => void = () => undefined;

  open(): AsyncIterableIterator<StreamItem<string>> {
    this.opened += 1;
    let taken = 0;
    return createPullIterator<StreamItem<string>>(
      async (signal) => {
        while (!signal.aborted) {
          if (this.fail !== undefined) throw this.fail;
          const fresh = this.items.slice(taken);
          taken += fresh.length;
          if (fresh.length > 0) return fresh;
          await new Promise<void>((resolve) => {
            this.wake = resolve;
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
        return [];
      },
      { onEnd: () => (this.ended += 1) },
    );
  }

  push(...items: StreamItem<string>[]): void {
    this.items.push(...items);
    this.wake();
  }
}

interface LabContext extends GraphContext {
  readonly source: Source;
}

@Resolver()
class ShelfResolver {
  @Query(() => Shelf, { nullable: true })
  shelf(@Arg('name', () => ID) name: string): Shelf {
    if (name === 'broken') throw new Error('relation "hidden_table" does not exist');
    if (name === 'missing')
      throw new Problem('NOT_FOUND', 'no such shelf', { fix: 'Make it.', path: 'name' });
    return shelf(name);
  }

  @Query(() => ShelfConnection)
  shelves(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
  ): Connection<Shelf> {
    const page = pageArgs(first, after);
    const rows = ['a', 'b', 'c'].filter((name) => page.after === undefined || name > (page.after[0] ?? ''));
    return toConnection(page, rows.slice(0, page.limit), { node: shelf, keyset: (name) => [name] });
  }

  @Query(() => String)
  me(@Ctx() context: LabContext): string {
    return context.principal.id;
  }

  @Mutation(() => MakeShelfResult)
  makeShelf(@Arg('name', () => String) name: string): ShelfMade | InvalidInput {
    if (name !== '') return Object.assign(new ShelfMade(), { shelf: shelf(name) });
    return Object.assign(new InvalidInput(), { code: 'INPUT_INVALID', message: 'no name', path: ['name'] });
  }

  @Subscription(() => streams.interfaces.ShelfStreamItem, {
    subscribe: ({ context }) =>
      mapStream(context.source.open(), streams, (name: string, cursor) =>
        Object.assign(new ShelfAdded(), { cursor, shelf: shelf(name), seenBy: context.principal.id }),
      ),
  })
  shelvesAdded(@Root() item: StreamItemFields): StreamItemFields {
    return item;
  }

  @Subscription(() => streams.interfaces.ShelfStreamItem, {
    subscribe: () => {
      throw new Problem('CURSOR_INVALID', 'not a cursor of ours');
    },
  })
  refused(@Root() item: StreamItemFields): StreamItemFields {
    return item;
  }
}

const serviceSecret = 'a secret of thirty-two characters';
const signer = { secret: serviceSecret, service: 'gateway' };
const vera = makePrincipal({ id: 'vera', kind: 'user', roles: ['viewer'] });
const sam = makePrincipal({ id: 'sam', kind: 'user', roles: ['security'] });

let app: FastifyInstance;
let source: Source;
let lines: string[];
let subgraph: Subgraph;
let clients: Client[];

beforeEach(async () => {
  source = new Source();
  lines = [];
  clients = [];
  subgraph = await buildSubgraph<LabContext>({
    name: 'lab',
    resolvers: [ShelfResolver],
    references: { Shelf: (key) => shelf(keyText(key, 'name')) },
  });
});
afterEach(async () => {
  for (const client of clients) await client.dispose();
  await app.close();
});

async function serve(tokens: readonly StaticToken[] | null): Promise<void> {
  const log = createLog({ service: 'lab', level: 'debug', write: (line) => lines.push(line) });
  app = createHttpServer({
    name: 'lab',
    log,
    metrics: createMetrics('lab'),
    authenticator: createAuthenticator({ tokens, serviceSecret }),
    readiness: {},
  });
  await serveSubgraph(app, subgraph, {
    createContext: (principal, requestId): LabContext => ({
      ...createGraphContext({ principal, requestId, log }),
      source,
    }),
  });
}

const json = { 'content-type': 'application/json' };

function ask(body: unknown, claims: Claims | undefined = claimsOf(vera)) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = signRequest({
    ...signer,
    method: 'POST',
    path: '/graphql',
    body: payload,
    claims,
    now: new Date(),
  });
  return app.inject({ method: 'POST', url: '/graphql', payload, headers: { ...json, ...signature } });
}

test('a signed request is answered as the principal whose claims it carries, interpreted and compiled alike', async () => {
  await serve([]);
  for (let round = 1; round <= 4; round += 1) {
    expect((await ask({ query: '{ me }' })).json()).toEqual({ data: { me: 'vera' } });
    expect((await ask({ query: '{ me }' }, claimsOf(sam))).json()).toEqual({ data: { me: 'sam' } });
  }
});

test('a subgraph answers nobody but our services, not even with a good token, not even what it is made of', async () => {
  const sha256 = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
  await serve([{ id: 'root', sha256, roles: ['admin'], functions: [] }]);
  for (const query of ['{ me }', '{ _service { sdl } }']) {
    const request = { method: 'POST', url: '/graphql', payload: { query } } as const;
    expect((await app.inject(request)).json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    const withToken = { ...request, headers: { authorization: 'Bearer secret' } };
    expect((await app.inject(withToken)).json()).toMatchObject({ status: 401, fix: 'Ask the gateway.' });
    expect((await ask({ query })).statusCode).toBe(200);
  }
});

test('in dev mode this machine may ask directly, as admin', async () => {
  await serve(null);
  const answer = await app.inject({ method: 'POST', url: '/graphql', payload: { query: '{ me }' } });
  expect(answer.json()).toEqual({ data: { me: 'dev' } });
});

test('the second operation of a document is not answered with the compiled first', async () => {
  await serve([]);
  const query = 'query A { a: me } query B { b: me }';
  for (let round = 1; round <= 3; round += 1) {
    expect((await ask({ query, operationName: 'A' })).json()).toEqual({ data: { a: 'vera' } });
    expect((await ask({ query, operationName: 'B' })).json()).toEqual({ data: { b: 'vera' } });
  }
});

test.each([
  ['syntax', { query: '{ me' }],
  ['an unknown field', { query: '{ you }' }],
  ['a missing variable', { query: 'query ($n: ID!) { shelf(name: $n) { name } }' }],
  ['no query', { variables: {} }],
  ['a list of requests', [{ query: '{ me }' }]],
  ['an operation that is not there', { query: 'query A { me }', operationName: 'B' }],
  ['a subscription', { query: 'subscription { shelvesAdded { cursor } }' }],
])('%s is refused with 400, a code and the request id', async (_name, body) => {
  await serve([]);
  const answer = await ask(body);
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors[0].extensions).toMatchObject({
    code: 'INPUT_INVALID',
    requestId: answer.headers['x-request-id'],
  });
  expect(source.opened).toBe(0);
});

test('malformed JSON is a problem document', async () => {
  await serve([]);
  expect((await ask('{"query":')).json()).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
});

test.each(['interpreted', 'compiled'])(
  'an error of ours is masked and logged once with its cause (%s)',
  async (way) => {
    await serve([]);
    const query = '{ shelf(name: "broken") { name } }';
    if (way === 'compiled') await ask({ query });
    lines.length = 0;
    const answer = await ask({ query });
    expect(answer.statusCode).toBe(200);
    const requestId = answer.headers['x-request-id'];
    expect(answer.json()).toMatchObject({
      data: { shelf: null },
      errors: [{ path: ['shelf'], extensions: { code: 'INTERNAL', requestId } }],
    });
    expect(answer.body).not.toContain('hidden_table');
    const failed = lines.map((line) => JSON.parse(line)).filter((entry) => entry.event === 'graphql.failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({
      requestId,
      path: 'shelf',
      err: { message: expect.stringContaining('hidden_table') },
    });
  },
);

test.each([1, 2])(
  'a problem keeps its code, its fix and its place, also when compiled (%i asked)',
  async (times) => {
    await serve([]);
    let answer = await ask({ query: '{ shelf(name: "missing") { name } }' });
    for (let asked = 1; asked < times; asked += 1)
      answer = await ask({ query: '{ shelf(name: "missing") { name } }' });
    expect(answer.json().errors[0]).toMatchObject({
      message: 'no such shelf',
      path: ['shelf'],
      extensions: { code: 'NOT_FOUND', fix: 'Make it.', inputPath: 'name' },
    });
  },
);

test.each([1, 2, 3])(
  'a field for security is refused to others and given to them, also when compiled (%i asked)',
  async (times) => {
    await serve([]);
    const query = '{ shelf(name: "a") { name secret } }';
    for (let asked = 1; asked < times; asked += 1) await ask({ query });
    expect((await ask({ query })).json()).toMatchObject({
      data: { shelf: { name: 'a', secret: null } },
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    expect((await ask({ query }, claimsOf(sam))).json()).toEqual({
      data: { shelf: { name: 'a', secret: 'secret of a' } },
    });
  },
);

test('an entity is found by its key, a mutation answers its union', async () => {
  await serve([]);
  const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shelf { name } } }`;
  const variables = { r: [{ __typename: 'Shelf', name: 'b' }] };
  expect((await ask({ query: entities, variables })).json()).toEqual({
    data: { _entities: [{ name: 'b' }] },
  });
  const make = `mutation ($n: String!) { makeShelf(name: $n) {
    ... on ShelfMade { shelf { name } } ... on UserError { code message path } } }`;
  expect((await ask({ query: make, variables: { n: 'z' } })).json().data.makeShelf).toEqual({
    shelf: { name: 'z' },
  });
  expect((await ask({ query: make, variables: { n: '' } })).json().data.makeShelf).toEqual({
    code: 'INPUT_INVALID',
    message: 'no name',
    path: ['name'],
  });
});

test('a list is read page by page to its end', async () => {
  await serve([]);
  const query = `query ($after: Cursor) { shelves(first: 2, after: $after) {
    nodes { name } pageInfo { hasNextPage endCursor } } }`;
  const first = (await ask({ query })).json().data.shelves;
  expect(first).toMatchObject({ nodes: [{ name: 'a' }, { name: 'b' }], pageInfo: { hasNextPage: true } });
  const second = (await ask({ query, variables: { after: first.pageInfo.endCursor } })).json().data.shelves;
  expect(second).toMatchObject({ nodes: [{ name: 'c' }], pageInfo: { hasNextPage: false } });
});

async function connectAs(claims: Claims | null, connectionParams: () => Record<string, string>) {
  const url = await listen(app, { host: '127.0.0.1', port: 0, variable: 'X', mode: 'tokens' });
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams,
  });
  clients.push(client);
  return (query: string, as: Claims | null = claims) => {
    const operation = { query };
    const spine =
      as === null ? undefined : signSubscribe({ ...signer, claims: as, operation, now: new Date() });
    return client.iterate({ ...operation, ...(spine === undefined ? {} : { extensions: { spine } }) });
  };
}
const proof = (): Record<string, string> => signConnection({ ...signer, now: new Date() });
const added =
  'subscription { shelvesAdded { __typename cursor ... on ShelfAdded { shelf { name } seenBy } ... on StreamGap { missed reason } } }';

test('one socket serves several principals, each stream item is of its own type', async () => {
  await serve([]);
  const subscribe = await connectAs(claimsOf(vera), proof);
  source.items.push(
    { kind: 'snapshot', cursor: 'c0', value: 'a' },
    { kind: 'snapshot-complete', cursor: 'c1' },
    { kind: 'heartbeat', cursor: 'c1', at: new Date() },
    { kind: 'gap', cursor: 'c3', fromCursor: 'c1', missed: 2, reason: 'retention' },
  );
  const mine = subscribe(added);
  const theirs = subscribe(added, claimsOf(sam));
  const items = [await mine.next(), await mine.next(), await mine.next(), await mine.next()];
  expect(items.map((item) => item.value?.data?.['shelvesAdded'])).toEqual([
    { __typename: 'ShelfAdded', cursor: 'c0', shelf: { name: 'a' }, seenBy: 'vera' },
    { __typename: 'SnapshotComplete', cursor: 'c1' },
    { __typename: 'StreamHeartbeat', cursor: 'c1' },
    { __typename: 'StreamGap', cursor: 'c3', missed: 2, reason: 'retention' },
  ]);
  expect((await theirs.next()).value?.data).toMatchObject({ shelvesAdded: { seenBy: 'sam' } });
  await mine.return?.();
  await theirs.return?.();
});

test('a subscriber who leaves while nothing happens lets go of the source', async () => {
  await serve([]);
  const subscribe = await connectAs(claimsOf(vera), proof);
  const stream = subscribe(added);
  const waiting = stream.next();
  await expect.poll(() => source.opened).toBe(1);
  await stream.return?.();
  await waiting;
  await expect.poll(() => source.ended).toBe(1);
});

test('a socket that breaks, and a server that stops, let go of the source', async () => {
  await serve([]);
  const subscribe = await connectAs(claimsOf(vera), proof);
  const waiting = subscribe(added)
    .next()
    .catch((error: unknown) => error);
  await expect.poll(() => source.opened).toBe(1);
  await app.close();
  await expect.poll(() => source.ended).toBe(1);
  expect(await waiting).toMatchObject({ code: 1001 });
});

test.each([
  ['without a proof', () => ({})],
  ['with a forged proof', () => signConnection({ ...signer, secret: 'x'.repeat(32), now: new Date() })],
  ['with an old proof', () => signConnection({ ...signer, now: new Date(Date.now() - 31_000) })],
])('a connection %s is refused', async (_name, connectionParams) => {
  await serve([]);
  const subscribe = await connectAs(claimsOf(vera), connectionParams);
  await expect(subscribe(added).next()).rejects.toMatchObject({ code: 4403 });
  expect(source.opened).toBe(0);
});

test('a subscribe message without claims is refused, and the connection stands', async () => {
  await serve([]);
  const subscribe = await connectAs(null, proof);
  await expect(subscribe(added).next()).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  source.items.push({ kind: 'event', cursor: 'c1', at: new Date(), value: 'b' });
  expect((await subscribe(added, claimsOf(vera)).next()).value?.data).toMatchObject({
    shelvesAdded: { cursor: 'c1' },
  });
});

test('what a stream throws, at its start or later, is masked', async () => {
  await serve([]);
  const subscribe = await connectAs(claimsOf(vera), proof);
  expect((await subscribe('subscription { refused { cursor } }').next()).value?.errors).toMatchObject([
    { message: 'not a cursor of ours', extensions: { code: 'CURSOR_INVALID' } },
  ]);
  await expect(subscribe('subscription { nothing { cursor } }').next()).rejects.toMatchObject([
    { extensions: { code: 'INPUT_INVALID' } },
  ]);
  source.fail = new Error('relation "hidden_table" does not exist');
  const failure = await subscribe(added)
    .next()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
  expect(JSON.stringify(failure)).not.toContain('hidden_table');
  expect(lines.join('')).toContain('hidden_table');
});

test('the legacy subprotocol and other paths are refused', async () => {
  await serve(null);
  const url = (await listen(app, { host: '127.0.0.1', port: 0, variable: 'X', mode: 'dev' })).replace(
    'http',
    'ws',
  );
  const closed = (socket: WebSocket): Promise<unknown> =>
    new Promise((resolve) => {
      socket.on('error', (error) => resolve(error.message));
      socket.on('close', (code) => resolve(code));
    });
  expect(await closed(new WebSocket(`${url}/graphql`, 'graphql-ws'))).toBe('Server sent no subprotocol');
  expect(await closed(new WebSocket(`${url}/elsewhere`, 'graphql-transport-ws'))).toContain('404');
});

test('in dev mode a page of another origin cannot subscribe', async () => {
  await serve(null);
  const url = (await listen(app, { host: '127.0.0.1', port: 0, variable: 'X', mode: 'dev' })).replace(
    'http',
    'ws',
  );
  const socket = new WebSocket(`${url}/graphql`, 'graphql-transport-ws', { origin: 'https://evil.example' });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
  expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(4403);
});
