import type { StreamClient, StreamResult } from '@spine/client/resume-subscription-inbox';
import { expect, test } from 'vitest';
import { createCell } from './cell.ts';
import { type FollowOptions, followStream, type StreamLog } from './follow-stream.ts';
import { idleStream } from './stream-state.ts';

type Sink = Parameters<StreamClient['subscribe']>[1];

const item = (n: number): StreamResult => ({
  data: { changes: { __typename: 'Changed', cursor: `c${n}`, n } },
});
const heartbeat: StreamResult = { data: { changes: { __typename: 'StreamHeartbeat', cursor: 'c1' } } };

/** Follows a stream that the test plays the server of. */
function follow(options: Partial<FollowOptions> = {}) {
  const asked: { readonly after: unknown; readonly sink: Sink; left: boolean }[] = [];
  const state = createCell(idleStream);
  let ended = 0;
  const log = followStream({
    client: {
      subscribe({ variables }, sink) {
        const subscription = { after: variables['after'], sink, left: false };
        asked.push(subscription);
        return () => {
          subscription.left = true;
        };
      },
    },
    query: 'subscription',
    variables: {},
    resumable: true,
    state,
    onEnd: () => {
      ended += 1;
    },
    policy: { firstMs: 0, mostMs: 1, silenceMs: 1_000, giveUpMs: 1_000 },
    ...options,
  });
  return { asked, state, log, ended: () => ended };
}

async function nextOf(log: AsyncIterator<StreamLog>): Promise<StreamLog> {
  const { value } = await log.next();
  return value;
}

/** Lets promises that are settled be heard. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test('the newest event comes first, and a heartbeat is no event', async () => {
  const { asked, log, state } = follow();
  await settled();
  asked[0]?.sink.next(item(1));
  asked[0]?.sink.next(heartbeat);
  asked[0]?.sink.next(item(2));
  await settled();
  const { events } = await nextOf(log);
  expect(events).toMatchObject([{ n: 2 }, { n: 1 }]);
  expect(state.get()).toMatchObject({ phase: 'live', events: 2 });
  await log.return?.();
});

test('a broken stream is opened again after the last event, and says so', async () => {
  const { asked, log, state } = follow();
  await settled();
  asked[0]?.sink.next(item(1));
  await settled();
  asked[0]?.sink.error({ code: 1006 });
  await settled();
  expect(state.get()).toMatchObject({ phase: 'reconnecting', resumed: 1 });
  asked[1]?.sink.next(item(2));
  await settled();
  expect(asked.map(({ after }) => after)).toEqual([undefined, 'c1']);
  expect((await nextOf(log)).events).toMatchObject([{ n: 2 }, { n: 1 }]);
  await log.return?.();
});

test('a gap is shown among the events and counted', async () => {
  const { asked, log, state } = follow();
  await settled();
  const gap = { __typename: 'StreamGap', cursor: 'c9', fromCursor: 'c1', missed: 7, reason: 'RETENTION' };
  asked[0]?.sink.next({ data: { changes: gap } });
  await settled();
  expect((await nextOf(log)).events).toEqual([gap]);
  expect(state.get().gaps).toBe(1);
  await log.return?.();
});

test('who stops leaves the server and forgets the stream, even while nothing comes', async () => {
  const { asked, log, state, ended } = follow();
  await settled();
  const waiting = log.next();
  await log.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  await settled();
  expect(asked[0]?.left).toBe(true);
  expect(state.get().phase).toBe('idle');
  expect(ended()).toBe(1);
});

test('a stream without cursors ends where it broke, with the code of the socket', async () => {
  const { asked, log, state } = follow({ resumable: false });
  await settled();
  asked[0]?.sink.next({ data: { ticks: 1 } });
  expect((await nextOf(log)).events).toEqual([1]);
  asked[0]?.sink.error({ code: 1006, reason: '' });
  await expect(log.next()).rejects.toEqual({ message: 'the connection was closed with code 1006' });
  await settled();
  expect(state.get().phase).toBe('ended');
  expect(asked).toHaveLength(1);
});

test('a refusal is what the server said', async () => {
  const { asked, log } = follow();
  await settled();
  asked[0]?.sink.error([{ message: 'the cursor is of another stream' }]);
  await expect(log.next()).rejects.toThrow('the cursor is of another stream');
});

test('of a long stream the newest 200 events are shown, and the others counted', async () => {
  const { asked, log } = follow();
  await settled();
  for (let n = 1; n <= 250; n += 1) asked[0]?.sink.next(item(n));
  await settled();
  const { events, earlier } = await nextOf(log);
  expect(events).toHaveLength(200);
  expect(events[0]).toMatchObject({ n: 250 });
  expect(earlier).toBe(50);
  await log.return?.();
});
