import { expect, test } from 'vitest';
import { parseVersionKey, versionKey } from './subject-version.ts';

test.each(['orders', 'a@b', 'a@1', '@'])('the key of a version of %j is read back', (subject) => {
  expect(parseVersionKey(versionKey({ subject, version: 12 }))).toEqual({ subject, version: 12 });
});

test.each(['', 'orders', 'orders@', '@1', 'orders@0', 'orders@x', 'orders@99999999999'])(
  '%j is no key',
  (key) => {
    expect(parseVersionKey(key)).toBeUndefined();
  },
);
