import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Gap, resumeSubscription, SubscriptionRefused } from './resume-subscription.ts';
import type { StreamClient, StreamResult } from './resume-subscription-inbox.ts';
import { memoryCursorStore, storageCursorStore } from './resume-subscription-store.ts';

interface Change {
  readonly __typename: 'Changed';
  readonly cursor: string;
  readonly n: number;
}

const policy = { firstMs: 0, mostMs: 1, silenceMs: 10_000, giveUpMs: 50 };
const result = (item: object): StreamResult => ({ data: { changes: item } });
const changed = (n: number): StreamResult => result({ __typename: 'Changed', cursor: `c${n}`, n });
const beat = (n: number): StreamResult => result({ __typename: 'StreamHeartbeat', cursor: `c${n}` });

type Ending = 'complete' | 'socket' | 'late';

/** A server with events 1 to `last`. Each connection sends what its script says, from `after` on, and breaks. */
function scriptedServer(
  last: number,
  scripts: readonly { readonly send: number; readonly ending: Ending }[],
) {
  const afters: unknown[] = [];
  const client: StreamClient = {
    subscribe({ variables }, sink) {
      const after = variables['after'];
      const { send, ending } = scripts[afters.length] ?? { send: last, ending: 'late' };
      afters.push(after);
      const first = typeof after === 'string' ? Number(after.slice(1)) : 0;
      let left = false;
      queueMicrotask(() => {
        if (left) return;
        sink.next(beat(first));
        for (let n = first + 1; n <= Math.min(last, first + send); n += 1) sink.next(changed(n));
        if (ending === 'complete') sink.complete();
        if (ending === 'socket') sink.error({ code: 1006 });
      });
      return () => {
        left = true;
      };
    },
  };
  return { client, afters };
}

describe('resumeSubscription', () => {
  test('hands over every event once and in order, wherever connections break and handlers are slow', async () => {
    const script = fc.record({
      send: fc.nat(5),
      ending: fc.constantFrom<Ending>('complete', 'socket'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(script, { maxLength: 8 }), fc.scheduler(), async (scripts, scheduler) => {
        const { client } = scriptedServer(12, scripts);
        const got: number[] = [];
        const stop = new AbortController();
        const done = resumeSubscription<{ changes: Change }>({
          client,
          operation: 'subscription',
          store: memoryCursorStore(),
          policy,
          signal: stop.signal,
          onGap: () => undefined,
          onEvent: async ({ n }) => {
            await scheduler.schedule(Promise.resolve());
            got.push(n);
            if (n === 12) stop.abort();
          },
        });
        const driving = scheduler.waitFor(done);
        await driving;
        expect(got).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
      }),
      { numRuns: 50 },
    );
  });

  test('begins where the store says, and saves the cursor only when the event was handled', async () => {
    const { client, afters } = scriptedServer(3, []);
    const kept = new Map<string, string>([['changes', 'c1']]);
    const store = storageCursorStore(
      { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
      'changes',
    );
    const failing = resumeSubscription<{ changes: Change }>({
      client,
      operation: 'subscription',
      store,
      policy,
      signal: new AbortController().signal,
      onGap: () => undefined,
      onEvent: ({ n }) => {
        if (n === 3) throw new Error('the disk is full');
      },
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(afters).toEqual(['c1']);
    expect(kept.get('changes')).toBe('c2');
  });

  test('tells of a gap, and goes on behind it', async () => {
    const gap: Gap = { cursor: 'c7', fromCursor: 'c2', missed: 5, reason: 'retention' };
    const { got, gaps, kept } = await run([result({ __typename: 'StreamGap', ...gap }), changed(8)]);
    expect(gaps).toMatchObject([gap]);
    expect(got).toEqual(['c8']);
    expect(kept()).toBe('c8');
  });

  test('the items of a snapshot share a cursor, and all of them come, again after a break within it', async () => {
    const open = (n: number) => result({ __typename: 'Changed', cursor: 'snapshot', n });
    const complete = result({ __typename: 'SnapshotComplete', cursor: 'c9' });
    const { items } = await run([open(1), open(2)], [open(1), open(2), open(3), complete, changed(10)]);
    expect(items).toMatchObject([
      { n: 1 },
      { n: 2 },
      { n: 1 },
      { n: 2 },
      { n: 3 },
      { __typename: 'SnapshotComplete' },
      { n: 10 },
    ]);
  });

  test('an event that a server sends again under its cursor is handled once', async () => {
    const { got } = await run([changed(1), changed(2)], [changed(1), changed(3)]);
    expect(got).toEqual(['c1', 'c2', 'c3']);
  });

  test('an event that came empty is asked for again, not passed over', async () => {
    const empty: StreamResult = { data: null, errors: [{ message: 'away' }] };
    const { got } = await run([changed(1), empty], [changed(2)]);
    expect(got).toEqual(['c1', 'c2']);
  });

  test('what makes part of an event empty comes with it', async () => {
    const errors = [{ message: 'the subgraph is away', extensions: { code: 'SERVICE_UNAVAILABLE' } }];
    const { notes } = await run([{ ...changed(1), errors }]);
    expect(notes).toEqual([{ cursor: 'c1', errors }]);
  });

  test('a refusal that will not pass rejects, one that will is tried again', async () => {
    const refused = (code: string): StreamResult => ({ errors: [{ message: code, extensions: { code } }] });
    await expect(run([refused('CURSOR_EXPIRED')])).rejects.toThrow(SubscriptionRefused);
    const { got } = await run([refused('SERVICE_UNAVAILABLE')], [changed(1)]);
    expect(got).toEqual(['c1']);
  });

  test('gives up when nothing came for too long, and at once when its credentials are refused', async () => {
    const server = (code: number): StreamClient => ({
      subscribe(_, sink) {
        queueMicrotask(() => sink.error({ code }));
        return () => undefined;
      },
    });
    const following = (client: StreamClient, giveUpMs: number) =>
      resumeSubscription({
        client,
        operation: 'subscription',
        store: memoryCursorStore(),
        policy: { ...policy, giveUpMs },
        signal: new AbortController().signal,
        onGap: () => undefined,
        onEvent: () => undefined,
      });
    await expect(following(server(1006), 20)).rejects.toEqual({ code: 1006 });
    await expect(following(server(4401), 60_000)).rejects.toEqual({ code: 4401 });
  });

  test('a connection that is silent for longer than streams are is opened again', async () => {
    const broken: unknown[] = [];
    const stop = new AbortController();
    let opened = 0;
    await resumeSubscription({
      client: {
        subscribe(_, sink) {
          opened += 1;
          if (opened === 2) queueMicrotask(() => sink.next(changed(1)));
          return () => undefined;
        },
      },
      operation: 'subscription',
      store: memoryCursorStore(),
      policy: { ...policy, silenceMs: 20, giveUpMs: 10_000 },
      signal: stop.signal,
      onGap: () => undefined,
      onEvent: () => stop.abort(),
      onBroken: (cause) => void broken.push(cause),
    });
    expect(broken).toMatchObject([{ message: 'nothing came for 20 ms' }]);
  });

  test('a handler slower than the stream costs a bounded wait, and no event', async () => {
    const { client, afters } = scriptedServer(2_500, []);
    const got: number[] = [];
    const stop = new AbortController();
    await resumeSubscription<{ changes: Change }>({
      client,
      operation: 'subscription',
      store: memoryCursorStore(),
      policy,
      signal: stop.signal,
      onGap: () => undefined,
      onEvent: ({ n }) => {
        got.push(n);
        if (n === 2_500) stop.abort();
      },
    });
    expect(got).toHaveLength(2_500);
    expect(afters.length).toBeGreaterThan(2);
  });
});

/** Follows a server that sends one list of results a connection, until all were sent. */
async function run(...connections: readonly (readonly StreamResult[])[]) {
  const stop = new AbortController();
  const items: Change[] = [];
  const notes: unknown[] = [];
  const gaps: Gap[] = [];
  const store = memoryCursorStore();
  let connection = 0;
  const client: StreamClient = {
    subscribe(_, sink) {
      const results = connections[connection];
      connection += 1;
      queueMicrotask(() => {
        if (results === undefined) return stop.abort();
        for (const each of results) sink.next(each);
        sink.error(new Error('broken'));
      });
      return () => undefined;
    },
  };
  await resumeSubscription<{ changes: Change }>({
    client,
    operation: 'subscription',
    store,
    policy,
    signal: stop.signal,
    onGap: (gap) => void gaps.push(gap),
    onEvent: (item, note) => {
      items.push(item);
      notes.push(note);
    },
  });
  return { items, got: items.map(({ cursor }) => cursor), notes, gaps, kept: () => store.get() };
}
