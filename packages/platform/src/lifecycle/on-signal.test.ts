import { EventEmitter } from 'node:events';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { expect, test, vi } from 'vitest';
import { drainOnSignal } from './on-signal.ts';

function fakeProcess() {
  const signals = new EventEmitter();
  const exit = vi.fn();
  return { signals, exit, target: { on: signals.on.bind(signals), exit } };
}

test('the first signal drains, then the process exits well', async () => {
  const { signals, exit, target } = fakeProcess();
  const close = vi.fn(async () => undefined);
  drainOnSignal(close, createRecordingLog(), target);
  signals.emit('SIGTERM');
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(0));
  expect(close).toHaveBeenCalledTimes(1);
});

test('a second signal exits at once, whatever still drains', () => {
  const { signals, exit, target } = fakeProcess();
  drainOnSignal(() => new Promise(() => undefined), createRecordingLog(), target);
  signals.emit('SIGINT');
  expect(exit).not.toHaveBeenCalled();
  signals.emit('SIGTERM');
  expect(exit).toHaveBeenCalledWith(143);
});

test('a drain that fails is logged, and the process exits with 1', async () => {
  const { signals, exit, target } = fakeProcess();
  const log = createRecordingLog();
  drainOnSignal(
    () => {
      throw new Error('stuck');
    },
    log,
    target,
  );
  signals.emit('SIGINT');
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(1));
  expect(log.entries.map((entry) => entry.level)).toContain('error');
});
