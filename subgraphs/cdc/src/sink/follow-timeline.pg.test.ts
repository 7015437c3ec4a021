import { expect, test } from 'vitest';
import { FencedOut } from './sink.ts';
import { createSinkPair } from './sink-pair-suite.ts';

const state = 'select timeline, lsn::text, changes::int from _spine.checkpoint';

test('the checkpoint moves to a later timeline and keeps position and count; a fenced worker moves nothing', async () => {
  await using pair = await createSinkPair();
  const session = await pair.open();
  await pair.atSink('update _spine.checkpoint set changes = 7');
  const [before] = await pair.atSink<{ timeline: number }>(state);
  await session.followTimeline?.(9);
  expect(await pair.atSink(state)).toEqual([{ ...before, timeline: 9 }]);
  await pair.atSink('update _spine.checkpoint set epoch = epoch + 1');
  await expect(session.followTimeline?.(10)).rejects.toThrow(FencedOut);
});
