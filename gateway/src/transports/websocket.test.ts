import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { parseGatewayConfig } from '../config.ts';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, fixtureSecret, fixtureTokens, startFixture } from '../testing/start-fixture.ts';
import type { StreamConfig } from './stream-config.ts';

const query =
  'subscription { violations { __typename cursor ... on ViolationRaised { violation { id } } ... on StreamGap { missed reason } } }';
const defaults = parseGatewayConfig({ SPINE_SERVICE_SECRET: fixtureSecret }).streams;

/** A client without a library: what it sends and gets are frames. */
function openSocket(url: string, protocol = 'graphql-transport-ws') {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol);
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent
  const got: any[] = [];
  let closed: number | undefined;
  socket.on('message', (data) => void got.push(JSON.parse(String(data))));
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    closed = code;
  });
  const opened = new Promise((resolve) => socket.once('open', resolve));
  return {
    socket,
    got,
    closed: () => closed,
    async send(...frames: readonly (object | string)[]) {
      await opened;
      for (const frame of frames) {
        socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
        // Until it is acknowledged a client may say nothing more.
        if (typeof frame === 'string' || Reflect.get(frame, 'type') !== 'connection_init') continue;
        await eventually(() => expect(got.length + (closed ?? 0)).toBeGreaterThan(0));
      }
    },
    events: () => got.filter(({ type }) => type === 'next').map(({ payload }) => payload.data.violations),
  };
}

type Socket = ReturnType<typeof openSocket>;

const init = (authorization?: string) => ({ type: 'connection_init', payload: { authorization } });
const subscribe = (id: string, text = query) => ({ id, type: 'subscribe', payload: { query: text } });

describe('a socket', () => {
  let fixture: Fixture;
  let sockets: Socket[] = [];
  const open = (protocol?: string): Socket => {
    const opened = openSocket(fixture.url, protocol);
    sockets.push(opened);
    return opened;
  };
  beforeAll(async () => {
    fixture = await startFixture({ kind: 'http' });
  });
  afterAll(() => fixture.close());
  beforeEach(() => {
    sockets = [];
  });
  afterEach(async () => {
    for (const { socket } of sockets) socket.terminate();
    await eventually(() => expect(fixture.events.open).toBe(0));
    expect((await askGateway(fixture.url, '{ violationCount }')).status).toBe(200);
  });

  test.each([
    ['text that is no JSON', ['no'], 4400],
    ['JSON that is no message', ['[]'], 4400],
    ['a message of no known type', [{ type: 'start' }], 4400],
    ['a subscribe without an id', [init(), { type: 'subscribe', payload: { query } }], 4400],
    ['a subscribe before it is known', [subscribe('1')], 4401],
    ['a second init', [init(), init()], 4429],
    ['an id that is in use', [init(), subscribe('1'), subscribe('1')], 4409],
  ])('that sends %s is closed with the code for it', async (_, frames, code) => {
    const { send, closed } = open();
    await send(...frames);
    await eventually(() => expect(closed()).toBe(code));
  });

  test('that sends nothing is closed after three seconds', async () => {
    const { closed } = open();
    await eventually(() => expect(closed()).toBe(4408));
  });

  test('that speaks the older protocol is not served', async () => {
    const { closed, got } = open('graphql-ws');
    await eventually(() => expect(closed()).toBeDefined());
    expect(got).toEqual([]);
  });

  test('that sends frames which break the protocol of WebSockets is cut off', async () => {
    const { socket, send, closed } = open();
    await send(init());
    // A frame without the mask that every frame of a client has.
    Reflect.get(socket, '_socket').write(Buffer.from([0x81, 0x02, 0x68, 0x69]));
    await eventually(() => expect(closed()).toBeDefined());
  });

  test.each(['__proto__', 'constructor', '"}', '\u2028'])('may call its operation %s', async (id) => {
    const { send, got } = open();
    await send(init(), subscribe(id));
    await eventually(() => expect(fixture.events.open).toBe(1));
    fixture.events.append({ id: 'a', severity: 'high', table: 'orders' });
    await eventually(() => expect(got).toHaveLength(2));
    expect(got[1]).toMatchObject({
      id,
      type: 'next',
      payload: { data: { violations: { violation: { id: 'a' } } } },
    });
    await send({ id, type: 'complete' });
    await eventually(() => expect(fixture.events.open).toBe(0));
  });

  test('two that ask the same get the same events, each under its own id, of one stream', async () => {
    const [one, two] = [open(), open()];
    await one.send(init(), subscribe('x'));
    await two.send(init(), subscribe('y'), subscribe('z'));
    await eventually(() => expect(fixture.events.open).toBe(1));
    await eventually(() => expect([one.got.length, two.got.length]).toEqual([1, 1]));
    for (const id of ['a', 'b']) fixture.events.append({ id, severity: 'high', table: 'orders' });
    await eventually(() => expect([one.got.length, two.got.length]).toEqual([3, 5]));
    expect(two.got.map(({ id }) => id)).toEqual([undefined, 'y', 'z', 'y', 'z']);
    expect(fixture.events.open).toBe(1);
  });
});

describe('limits', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spine-tokens-'));
  const tokensFile = join(folder, 'tokens.json');
  const writeTokens = (...roles: readonly ('viewer' | 'admin')[]): void => {
    const tokens = roles.map((role) => ({
      id: `the-${role}`,
      sha256: createHash('sha256').update(fixtureTokens[role]).digest('hex'),
      roles: [role],
    }));
    writeFileSync(tokensFile, JSON.stringify(tokens));
  };
  let fixture: Fixture;
  let sockets: Socket[] = [];
  afterEach(async () => {
    for (const { socket } of sockets) socket.terminate();
    sockets = [];
    await fixture.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(streams: Partial<StreamConfig>, auth: 'dev' | 'tokens' = 'dev'): Promise<void> {
    writeTokens('viewer', 'admin');
    fixture = await startFixture({
      kind: 'in process',
      auth,
      config: { streams: { ...defaults, ...streams }, ...(auth === 'tokens' && { tokensFile }) },
    });
  }
  async function enter(authorization?: string): Promise<Socket> {
    const opened = openSocket(fixture.url);
    sockets.push(opened);
    await opened.send(init(authorization));
    return opened;
  }

  test('a principal holds so many sockets, and gets room back when it leaves one', async () => {
    await start({ perPrincipal: 2 }, 'tokens');
    const viewer = `Bearer ${fixtureTokens.viewer}`;
    const first = await enter(viewer);
    await enter(viewer);
    const third = await enter(viewer);
    await eventually(() => expect(third.closed()).toBe(4429));
    expect((await enter(`Bearer ${fixtureTokens.admin}`)).closed()).toBeUndefined();
    first.socket.close();
    await eventually(async () => expect((await enter(viewer)).closed()).toBeUndefined());
  });

  test('a process holds so many, event streams among them', async () => {
    await start({ most: 2 });
    await enter();
    const leave = new AbortController();
    const stream = () =>
      fetch(`${fixture.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { accept: 'text/event-stream' },
        signal: leave.signal,
      });
    expect((await stream()).status).toBe(200);
    const one = await enter();
    await eventually(() => expect(one.closed()).toBe(1013));
    const refused = await stream();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_STREAMS' });
    leave.abort();
  });

  test('a socket has so many operations', async () => {
    await start({ operationsPerSocket: 2 });
    const { send, got } = await enter();
    await send(subscribe('a'), subscribe('b'), subscribe('c'));
    await eventually(() =>
      expect(got.at(-1)).toMatchObject({
        id: 'c',
        type: 'error',
        payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
      }),
    );
  });

  test('a socket that is old enough is asked to come again', async () => {
    await start({ lifetimeMs: 50 });
    const { closed } = await enter();
    await eventually(() => expect(closed()).toBe(1012));
  });

  test('a socket whose token is withdrawn is closed, the others stay', async () => {
    await start({ reauthoriseMs: 100 }, 'tokens');
    const viewer = await enter(`Bearer ${fixtureTokens.viewer}`);
    const admin = await enter(`Bearer ${fixtureTokens.admin}`);
    writeTokens('admin');
    await eventually(() => expect(viewer.closed()).toBe(4403), { timeoutMs: 10_000 });
    expect(admin.closed()).toBeUndefined();
  });

  const flood = (count: number): void => {
    const filler = 'x'.repeat(20_000);
    for (let n = 0; n < count; n += 1) {
      fixture.events.append({ id: `${n} ${filler}`, severity: 'high', table: 'orders' });
    }
  };
  const numbers = ({ events }: Socket) =>
    events().flatMap(({ violation }) => (violation ? [Number.parseInt(violation.id, 10)] : []));

  test('a client that reads slowly holds nobody back, and misses nothing', async () => {
    await start({});
    const [fast, slow] = [await enter(), await enter()];
    await fast.send(subscribe('1'));
    await slow.send(subscribe('1'));
    await eventually(() => expect(fixture.events.open).toBe(1));
    slow.socket.pause();
    flood(1_500);
    const all = Array.from({ length: 1_500 }, (_, n) => n);
    await eventually(() => expect(numbers(fast)).toHaveLength(1_500), { timeoutMs: 15_000 });
    expect(numbers(slow).length).toBeLessThan(1_500);
    slow.socket.resume();
    await eventually(() => expect(numbers(slow)).toHaveLength(1_500), { timeoutMs: 15_000 });
    expect(numbers(slow)).toEqual(all);
    expect(numbers(fast)).toEqual(all);
  }, 40_000);

  test('a client that takes nothing is told where to go on, and its socket is closed', async () => {
    await start({ stalledMs: 300 });
    const stalled = await enter();
    await stalled.send(subscribe('1'));
    await eventually(() => expect(fixture.events.open).toBe(1));
    stalled.socket.pause();
    flood(1_500);
    await eventually(() => expect(fixture.events.open).toBe(0), { timeoutMs: 10_000 });
    await eventually(() =>
      expect(fixture.log.entries.some(({ fields }) => fields['event'] === 'socket.stalled')).toBe(true),
    );
    stalled.socket.resume();
    await eventually(() => expect(stalled.closed()).toBe(4429), { timeoutMs: 10_000 });
    const got = stalled.events();
    const taken = numbers(stalled);
    expect(taken).toEqual(Array.from({ length: taken.length }, (_, n) => n));
    expect(got.at(-1)).toEqual({
      __typename: 'StreamGap',
      cursor: got.at(-2).cursor,
      missed: 0,
      reason: 'SLOW_CONSUMER',
    });
  }, 40_000);
});
