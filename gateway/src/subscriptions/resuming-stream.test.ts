import { describe, expect, test } from 'vitest';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import { SubgraphLost } from '../links/subgraph-lost.ts';
import { cursorOfEvent } from './cursor-of-event.ts';
import { createResumingStream } from './resuming-stream.ts';

type Step = string | 'lost' | 'end' | 'refuse' | 'not now';

const event = (cursor: string): SubgraphResult => ({ data: { items: { _spineCursor: cursor } } });
const refusal = (code: string): SubgraphResult => ({ errors: [{ message: code, extensions: { code } }] });

/** Streams of the given steps, one after the other; afterwards every one breaks. */
function scripted(scripts: readonly (readonly Step[])[], resumable = true) {
  const asked: (string | null)[] = [];
  let closed = 0;
  const close = (): void => {
    closed += 1;
  };
  const leave = new AbortController();
  const stream = createResumingStream({
    subgraph: 'watch',
    resumable,
    after: null,
    cursorOf: cursorOfEvent,
    policy: { firstMs: 1, mostMs: 2, giveUpFirstMs: 50, giveUpMs: 50 },
    signal: leave.signal,
    onLost: () => undefined,
    open(after, signal) {
      const steps = [...(scripts[asked.length] ?? ['lost'])];
      asked.push(after);
      return createStreamIterator<SubgraphResult>(
        async () => {
          const step = steps.shift();
          if (step === undefined) return await new Promise<never>(() => undefined);
          if (step === 'lost') throw new SubgraphLost('watch', new Error('broken'));
          if (step === 'end') return streamEnd;
          if (step === 'refuse') return refusal('CURSOR_EXPIRED');
          if (step === 'not now') return refusal('SERVICE_UNAVAILABLE');
          return event(step);
        },
        { signal, onEnd: close },
      );
    },
  });
  return { stream, asked, leave, closed: () => closed };
}

async function take(
  stream: AsyncIterator<SubgraphResult>,
  count: number,
): Promise<readonly (string | null)[]> {
  const cursors: (string | null)[] = [];
  for (let n = 0; n < count; n += 1) {
    const { done, value } = await stream.next();
    if (done) break;
    cursors.push(cursorOfEvent(value));
  }
  return cursors;
}

describe('a stream that can be resumed', () => {
  test.each<[string, readonly (readonly Step[])[], readonly (string | null)[]]>([
    ['breaks', [['a', 'b', 'lost'], ['c']], [null, 'b']],
    ['ends, though it has no end', [['a', 'b', 'end'], ['c']], [null, 'b']],
    ['breaks before its first event', [['lost'], ['a', 'b', 'c']], [null, null]],
    ['breaks again at once', [['a', 'lost'], ['lost'], ['lost'], ['b', 'c']], [null, 'a', 'a', 'a']],
    ['is told "not now"', [['a', 'lost'], ['not now'], ['b', 'c']], [null, 'a', 'a']],
  ])('goes on after the last cursor when it %s', async (_, scripts, asked) => {
    const run = scripted(scripts);
    expect(await take(run.stream, 3)).toEqual(['a', 'b', 'c']);
    expect(run.asked).toEqual(asked);
    await run.stream.return?.();
    expect(run.closed()).toBe(run.asked.length);
  });

  test('a refusal is told, and is the end', async () => {
    const { stream } = scripted([['a', 'lost'], ['refuse']]);
    expect(await take(stream, 1)).toEqual(['a']);
    expect((await stream.next()).value).toEqual(refusal('CURSOR_EXPIRED'));
    expect((await stream.next()).done).toBe(true);
  });

  test('one that stays away is an error after its time', async () => {
    const { stream, asked } = scripted([['a', 'lost']]);
    expect(await take(stream, 1)).toEqual(['a']);
    await expect(stream.next()).rejects.toThrow(SubgraphLost);
    expect(asked.length).toBeGreaterThan(3);
  });

  test('a reader who leaves while it waits to try again is let go at once', async () => {
    const { stream, leave, asked } = scripted([['lost']]);
    const waiting = stream.next();
    leave.abort();
    expect((await waiting).done).toBe(true);
    const tried = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked.length).toBe(tried);
  });
});

describe('a stream without cursors', () => {
  test('ends when its source does', async () => {
    const { stream } = scripted([['a', 'end'], ['b']], false);
    expect(await take(stream, 2)).toEqual(['a']);
  });

  test('is over when it breaks, for what was missed would be unknown', async () => {
    const { stream, asked } = scripted([['a', 'lost'], ['b']], false);
    expect(await take(stream, 1)).toEqual(['a']);
    await expect(stream.next()).rejects.toThrow(SubgraphLost);
    expect(asked).toHaveLength(1);
  });
});
