import { mapIterator } from '@spine/platform/graphql/map-stream';
import { eventually } from '@spine/testkit/eventually';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { streamEnd } from '../links/stream-iterator.ts';
import { createFlakyLog, type FlakyLog } from '../testing/flaky-log.ts';
import { type Channel, type ChannelOptions, createChannel, type Reader } from './channel.ts';
import { cursorOfEvent, kindOfEvent } from './cursor-of-event.ts';
import { createResumingStream } from './resuming-stream.ts';
import type { StreamEvent } from './stream-event.ts';

const window = { items: 16, characters: 100_000, ahead: 4, idleMs: 10 };

type Action =
  | { readonly do: 'publish'; readonly count: number }
  | { readonly do: 'join'; readonly behind: number | null }
  | { readonly do: 'read'; readonly who: number; readonly count: number }
  | { readonly do: 'leave'; readonly who: number }
  | { readonly do: 'beat' | 'break' | 'wait' };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish'), count: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('join'), behind: fc.option(fc.nat(30)) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('read'),
      who: fc.nat(20),
      count: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave'), who: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('beat', 'break', 'wait') }) },
);

/** A reader, and all that it got. */
function follow(reader: Reader) {
  const got: StreamEvent[] = [];
  let wanted = 0;
  let until: (() => boolean) | null = null;
  let left = false;
  let reading: Promise<void> | null = null;
  const read = async (): Promise<void> => {
    while (!left && (until === null ? got.length < wanted : !until())) {
      const event = await reader.next();
      if (event === streamEnd) left = true;
      else got.push(event);
    }
  };
  const start = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
  return {
    got,
    read(count: number) {
      wanted = got.length + count;
      void start();
    },
    async readUntil(cursor: string) {
      until = () => got.at(-1)?.cursor === cursor;
      while (!left && !until()) await start();
    },
    async readSnapshot() {
      const isComplete = (): boolean => got.some(({ kind }) => kind === 'snapshot-complete');
      until = isComplete;
      void start();
      await eventually(() => expect(isComplete()).toBe(true), { everyMs: 1 });
    },
    leave() {
      left = true;
      reader.close();
    },
    left: () => left,
  };
}

const eventsOf = (got: readonly StreamEvent[]) =>
  got.filter(({ kind }) => kind === 'event').map(({ text }) => Number(text));

/** Where a reader's own history begins: behind the cursor it gave, else where its first item says. */
function startOf(start: string | null, got: readonly StreamEvent[]): number {
  const first = got[0];
  if (start !== null) return Number(start.slice(1));
  const cursor = Number(first?.cursor?.slice(1));
  return first?.kind === 'event' ? cursor - 1 : cursor;
}

describe('a channel', () => {
  test('gives each reader every event after its start, once and in order, whatever others do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 60 }),
        fc.integer(),
        async (actions, seed) => {
          const log = createFlakyLog(seed);
          const channel = channelOver(log);
          const followers: { readonly start: string | null; readonly reader: ReturnType<typeof follow> }[] =
            [];
          const join = (start: string | null): void => {
            followers.push({ start, reader: follow(channel.join(start)) });
          };
          for (const step of actions) {
            const { reader } =
              'who' in step ? (followers[step.who % Math.max(followers.length, 1)] ?? none) : none;
            if (step.do === 'publish') log.publish(step.count);
            else if (step.do === 'join') {
              join(step.behind === null ? null : `c${Math.max(log.size() - step.behind, 0)}`);
            } else if (step.do === 'read') reader?.read(step.count);
            else if (step.do === 'leave') reader?.leave();
            else if (step.do === 'beat') log.beat();
            else if (step.do === 'break') log.break();
            else await new Promise((resolve) => setTimeout(resolve, 1));
          }
          const present = followers.filter(({ reader }) => !reader.left());
          // What a new reader begins with tells it where: then nothing can be missed.
          for (const { reader } of present) reader.read(1);
          const told = ({ start, reader }: (typeof present)[number]) =>
            start !== null || reader.got.length > 0;
          await eventually(() => expect(present.every(told)).toBe(true));
          const last = log.publishFinal();
          await Promise.all(present.map(({ reader }) => reader.readUntil(`c${last}`)));

          for (const { start, reader } of present) {
            expect(eventsOf(reader.got)).toEqual(log.between(startOf(start, reader.got), last));
          }
          // All have caught up: from the next event on one upstream serves them.
          const next = log.publishFinal();
          await Promise.all(present.map(({ reader }) => reader.readUntil(`c${next}`)));
          await eventually(() => expect(log.opened()).toBeLessThanOrEqual(1));
          for (const { reader } of present) reader.leave();
          expect(channel.size).toBe(0);
          await eventually(() => expect(log.opened()).toBe(0));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('gives each reader the whole snapshot and every event after it, whatever others do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 40 }),
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        async (actions, seed, size) => {
          const log = createFlakyLog(seed, size);
          const channel = channelOver(log);
          const readers: ReturnType<typeof follow>[] = [];
          for (const step of actions) {
            if (step.do === 'join') readers.push(follow(channel.join(null)));
            else if (step.do === 'publish') log.publish(step.count);
            else if (step.do === 'read') readers[step.who % Math.max(readers.length, 1)]?.read(step.count);
            else if (step.do === 'leave') readers[step.who % Math.max(readers.length, 1)]?.leave();
            else if (step.do === 'break') log.break();
            else await new Promise((resolve) => setTimeout(resolve, 1));
          }
          const present = readers.filter(({ left }) => !left());
          await Promise.all(present.map((reader) => reader.readSnapshot()));
          const last = log.publishFinal();
          await Promise.all(present.map((reader) => reader.readUntil(`c${last}`)));
          for (const reader of present) {
            const at = reader.got.findIndex(({ kind }) => kind === 'snapshot-complete');
            const before = reader.got.slice(0, at);
            // Broken within a snapshot it begins anew: the last of them is whole.
            expect(before.every(({ cursor }) => cursor === 'snapshot')).toBe(true);
            expect(before.slice(-size).map(({ text }) => Number(text))).toEqual(
              Array.from({ length: size }, (_, n) => n + 1),
            );
            const after = Number(reader.got[at]?.cursor?.slice(1));
            expect(eventsOf(reader.got.slice(at + 1))).toEqual(log.between(after, last));
            reader.leave();
          }
          await eventually(() => expect(log.opened()).toBe(0));
        },
      ),
      { numRuns: 60 },
    );
  });

  async function joined(count: number, options: Partial<ChannelOptions> = {}) {
    const log = createFlakyLog(1);
    const channel = channelOver(log, options);
    const readers = Array.from({ length: count }, () => follow(channel.join(null)));
    for (const reader of readers) reader.read(1);
    await eventually(() => expect(readers.every(({ got }) => got.length === 1)).toBe(true));
    return { log, channel, readers };
  }

  test('lets all who keep up share one upstream, late ones too, and closes it after the last', async () => {
    let most = 0;
    let open = 0;
    const { log, channel, readers } = await joined(50, {
      onFeeds: (change) => {
        open += change;
        most = Math.max(most, open);
      },
    });
    expect(most).toBe(1);
    log.publish(5);
    await Promise.all(readers.map((reader) => reader.readUntil('c5')));
    const late = follow(channel.join('c2'));
    await late.readUntil('c5');
    expect(eventsOf(late.got)).toEqual([4, 5]);
    expect(open).toBe(1);
    for (const reader of [...readers, late]) reader.leave();
    expect(open).toBe(0);
    await eventually(() => expect(log.opened()).toBe(0));
  });

  test('a reader slower than the window falls out, misses nothing, and comes back', async () => {
    let fallen = 0;
    let behind = 0;
    const { log, readers } = await joined(2, {
      onFallen: () => {
        fallen += 1;
        behind += 1;
        return () => {
          behind -= 1;
        };
      },
    });
    const [fast, slow] = readers;
    for (let n = 0; n < 20; n += 1) {
      log.publish(3);
      await fast?.readUntil(`c${log.size() - 1}`);
    }
    expect(log.opened()).toBe(1);
    const reading = slow?.readUntil('c59');
    await reading;
    expect(fallen).toBe(1);
    expect(eventsOf(slow?.got ?? [])).toEqual(log.between(0, 60));
    const last = log.publishFinal();
    await Promise.all(readers.map((reader) => reader.readUntil(`c${last}`)));
    await eventually(() => expect(log.opened()).toBe(1));
    expect(behind).toBe(0);
  });

  test('a feed goes no further than a little ahead of its foremost reader, and rests when nobody reads', async () => {
    const { log, readers } = await joined(3);
    readers[0]?.read(1);
    log.publish(3_000);
    await eventually(() => expect(readers[0]?.got).toHaveLength(2));
    // Those who may leave do; the others hold no more than their feed's window.
    for (const reader of readers) reader.read(1);
    await eventually(() => expect(log.opened()).toBe(0));
    await Promise.all(readers.map((reader) => reader.readUntil('c2999')));
    for (const { got } of readers) expect(eventsOf(got)).toEqual(log.between(0, 2_999));
  });

  test('what is no place to go on from is never shared: each reader has an upstream of its own', async () => {
    const { log, readers } = await joined(3, { shared: false });
    expect(log.opened()).toBe(3);
    log.publish(2);
    await Promise.all(readers.map((reader) => reader.readUntil('c2')));
    expect(log.opened()).toBe(3);
  });

  test('a refusal comes to every reader, after what came before it, and ends them', async () => {
    const told: StreamEvent[] = [
      { kind: 'event', cursor: 'c1', text: '1' },
      { kind: 'refusal', cursor: null, text: 'FORBIDDEN' },
    ];
    const channel = createChannel({
      shared: true,
      open: () => [...told][Symbol.iterator]() as never,
    });
    const readers = [follow(channel.join(null)), follow(channel.join(null))];
    await Promise.all(readers.map((reader) => reader.readUntil('the end')));
    for (const { got } of readers) expect(got).toEqual(told);
    expect(channel.size).toBe(0);
  });
});

function channelOver(log: FlakyLog, options: Partial<ChannelOptions> = {}): Channel {
  return createChannel({
    shared: true,
    window,
    open: (after) =>
      mapIterator(
        createResumingStream({
          subgraph: 'log',
          open: log.open,
          cursorOf: cursorOfEvent,
          resumable: true,
          after,
          policy: { firstMs: 0, mostMs: 1, giveUpFirstMs: 10_000, giveUpMs: 10_000 },
          signal: new AbortController().signal,
          onLost: () => undefined,
        }),
        (event): StreamEvent => {
          const { n } = Object(event.data?.['items']);
          const kind = kindOfEvent(event);
          return {
            kind,
            cursor: cursorOfEvent(event),
            text: kind === 'snapshot-complete' ? 'complete' : String(n),
          };
        },
      ),
    ...options,
  });
}

const none = { reader: null };
