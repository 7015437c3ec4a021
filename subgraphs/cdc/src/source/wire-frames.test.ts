import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aFrame } from './pgoutput-builder.ts';
import { BrokenFraming, createWireFrames } from './wire-frames.ts';

function seen(): {
  frames: string[];
  onFrame: (type: number, bytes: Buffer, start: number, end: number) => boolean;
} {
  const frames: string[] = [];
  return {
    frames,
    onFrame(type, bytes, start, end) {
      frames.push(`${String.fromCharCode(type)}:${bytes.toString('latin1', start, end)}`);
      return true;
    },
  };
}

const stream = Buffer.concat([
  aFrame('d', Buffer.from('one')),
  aFrame('c', Buffer.alloc(0)),
  aFrame('d', Buffer.from('three')),
]);
const whole = ['d:one', 'c:', 'd:three'];

test('messages are the same wherever the stream is cut in two', () => {
  for (let at = 0; at <= stream.length; at += 1) {
    const { frames, onFrame } = seen();
    const cutter = createWireFrames(onFrame);
    cutter.push(stream.subarray(0, at));
    cutter.push(stream.subarray(at));
    expect(frames, `cut at ${at}`).toEqual(whole);
  }
});

test('messages are the same however the stream is cut, with halts anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 30 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1 }),
      fc.array(fc.boolean(), { minLength: 1 }),
      (bodies, sizes, goOn) => {
        const all = Buffer.concat(bodies.map((body) => aFrame('d', Buffer.from(body))));
        const frames: string[] = [];
        const cutter = createWireFrames((_, bytes, start, end) => {
          frames.push(bytes.toString('utf8', start, end));
          return goOn[frames.length % goOn.length] ?? true;
        });
        let at = 0;
        for (let turn = 0; at < all.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          cutter.push(all.subarray(at, at + size));
          at += size;
        }
        for (const _ of bodies) cutter.resume();
        expect(frames).toEqual(bodies);
      },
    ),
  );
});

test('while halted nothing is handed over, and resume goes on behind the message that halted', () => {
  const frames: string[] = [];
  const cutter = createWireFrames((_, bytes, start, end) => {
    frames.push(bytes.toString('utf8', start, end));
    return frames.length !== 1;
  });
  cutter.push(stream);
  cutter.push(aFrame('d', Buffer.from('four')));
  expect(frames).toEqual(['one']);
  cutter.resume();
  expect(frames).toEqual(['one', '', 'three', 'four']);
});

test('a length that no server sends ends the stream', () => {
  const { push } = createWireFrames(() => true);
  expect(() => push(Buffer.from([0x64, 0, 0, 0, 3]))).toThrow(BrokenFraming);
  expect(() => push(Buffer.from([0x64, 0xff, 0, 0, 0]))).toThrow(BrokenFraming);
});
