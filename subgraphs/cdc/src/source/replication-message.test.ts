import { parseLsn } from '@spine/kernel/lsn';
import { expect, test } from 'vitest';
import { readReplicationMessage, statusUpdate, UnknownReplicationMessage } from './replication-message.ts';

test('a keepalive tells a position and whether the server waits for an answer', () => {
  const bytes = Buffer.concat([
    Buffer.from('k'),
    Buffer.from('0000000100000002', 'hex'),
    Buffer.alloc(8),
    Buffer.from([1]),
  ]);
  expect(readReplicationMessage(bytes, 0, bytes.length)).toEqual({
    kind: 'keepalive',
    position: parseLsn('1/2'),
    replyRequested: true,
  });
});

test('data begins behind its two positions and its time', () => {
  const bytes = Buffer.concat([Buffer.from('w'), Buffer.alloc(24), Buffer.from('B')]);
  expect(readReplicationMessage(bytes, 0, bytes.length)).toEqual({ kind: 'data', start: 25 });
});

test('anything else is refused', () => {
  const bytes = Buffer.from('k too short');
  expect(() => readReplicationMessage(bytes, 0, bytes.length)).toThrow(UnknownReplicationMessage);
});

test('a status update is laid out as the protocol asks', () => {
  const frame = statusUpdate({
    received: parseLsn('1/2'),
    flushed: parseLsn('0/3'),
    nowMs: Date.UTC(2000, 0, 1, 0, 0, 1),
    requestReply: true,
  });
  expect(frame.toString('hex')).toBe(
    [
      '64',
      '00000026',
      '72',
      '0000000100000002',
      '0000000000000003',
      '0000000000000003',
      '00000000000f4240',
      '01',
    ].join(''),
  );
});
