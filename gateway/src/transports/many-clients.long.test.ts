import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from '@spine/testkit/eventually';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { parseGatewayConfig } from '../config.ts';
import { fixtureSecret, startFixture } from '../testing/start-fixture.ts';

const seconds = Number(process.env['SPINE_SOAK_SECONDS'] ?? 600);
const idle = 1_000;
const slow = 100;
const eventsPerSecond = 20;
const mostMegabytesAMinute = 1;
const mostMegabytes = 250;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

// One string for all events: what grows is ours to explain, not the test's log.
const filler = 'x'.repeat(20_000);
const query =
  'subscription { violations { cursor ... on ViolationRaised { violation { id severity dataset { subject { name } } } } } }';

/** A client that takes a few events, rests, and checks that each is the one after that before it. */
function openReader(url: string, { paused }: { readonly paused: boolean }) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  let last: number | null = null;
  let taken = 0;
  let fault: string | null = null;
  let closed: number | null = null;
  socket.on('open', () => socket.send('{"type":"connection_init"}'));
  socket.on('close', (code) => {
    closed = code;
  });
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'connection_ack') {
      if (paused) socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
      last ??= 0;
      return;
    }
    const number = Number(message.payload?.data?.violations?.violation?.id);
    if (!(number === (last ?? 0) + 1 || last === 0))
      fault = `${number} after ${last}: ${String(data).slice(0, 200)}`;
    last = number;
    taken += 1;
    if (paused && taken % 10 === 0) {
      socket.pause();
      setTimeout(() => socket.resume(), 2_000 + Math.random() * 1_000);
    }
  });
  return { socket, ready: () => last !== null, taken: () => taken, fault: () => fault, closed: () => closed };
}

interface Sample {
  readonly minutes: number;
  readonly megabytes: number;
}

/** Growth in megabytes a minute, from the lowest of the first third to that of the last: what is under way comes and goes. */
function growthOf(samples: readonly Sample[]): number {
  const third = Math.floor(samples.length / 3);
  const lowest = (of: readonly Sample[]): Sample =>
    of.reduce((low, each) => (each.megabytes < low.megabytes ? each : low));
  const [early, late] = [lowest(samples.slice(0, third)), lowest(samples.slice(-third))];
  return (late.megabytes - early.megabytes) / (late.minutes - early.minutes);
}

test(
  `${idle} idle sockets and ${slow} slow consumers under a steady stream: memory is bounded, and nobody misses an event`,
  async () => {
    const { streams } = parseGatewayConfig({ SPINE_SERVICE_SECRET: fixtureSecret });
    const fixture = await startFixture({
      kind: 'http',
      config: { streams: { ...streams, most: idle + slow, stalledMs: 60_000 } },
    });
    const readers = [
      ...Array.from({ length: idle }, () => openReader(fixture.url, { paused: false })),
      ...Array.from({ length: slow }, () => openReader(fixture.url, { paused: true })),
    ];
    await eventually(() => expect(readers.every(({ ready }) => ready())).toBe(true), { timeoutMs: 60_000 });
    await eventually(() => expect(fixture.events.open).toBeGreaterThan(0));

    const startedAt = performance.now();
    const heap: Sample[] = [];
    const resident: Sample[] = [];
    let sent = 0;
    let sampleAt = 0.25 * seconds;
    for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - startedAt) / 1_000) {
      while (sent < elapsed * eventsPerSecond) {
        sent += 1;
        fixture.events.append({ id: String(sent), severity: filler, table: 'orders' });
      }
      if (elapsed >= sampleAt) {
        fixture.log.clear();
        collectGarbage();
        const { heapUsed, rss } = process.memoryUsage();
        const minutes = elapsed / 60;
        heap.push({ minutes, megabytes: heapUsed / 1_048_576 });
        resident.push({ minutes, megabytes: rss / 1_048_576 });
        sampleAt += 0.02 * seconds;
      }
      await sleep(25);
    }

    const consumers = readers.slice(idle);
    const growth = { heap: growthOf(heap), resident: growthOf(resident) };
    // biome-ignore lint/suspicious/noConsole: the figures of a soak
    console.log({
      seconds,
      sent,
      taken: consumers.reduce((sum, { taken }) => sum + taken(), 0),
      heapMb: heap.map(({ megabytes }) => Math.round(megabytes)),
      residentMb: resident.map(({ megabytes }) => Math.round(megabytes)),
      growth,
      opened: fixture.events.begun.length,
    });
    expect(readers.flatMap(({ fault }) => fault() ?? [])).toEqual([]);
    expect(readers.flatMap(({ closed }) => closed() ?? [])).toEqual([]);
    expect(consumers.every(({ taken }) => taken() > 0)).toBe(true);
    // They are slow: they have not had it all.
    expect(consumers.some(({ taken }) => taken() < sent)).toBe(true);
    // The first minutes fill buffers, which says nothing of growth.
    if (seconds >= 300) expect(growth.heap).toBeLessThan(mostMegabytesAMinute);
    expect(Math.max(...heap.map(({ megabytes }) => megabytes))).toBeLessThan(mostMegabytes);

    for (const { socket } of readers) socket.terminate();
    await eventually(() => expect(fixture.events.open).toBe(0), { timeoutMs: 30_000 });
    await fixture.close();
  },
  (seconds + 240) * 1_000,
);
