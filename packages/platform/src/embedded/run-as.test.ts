import { expect, test } from 'vitest';
import { parsePasswd } from './run-as.ts';

test('accounts are read from a passwd file, whatever else is in it', () => {
  const text = [
    'root:x:0:0:root:/root:/bin/bash',
    '# a comment',
    '',
    'broken:x:one:two',
    'nobody:x:65534:65533:nobody:/:/bin/false',
  ];
  expect(parsePasswd(text.join('\n'))).toEqual([
    { user: 'root', uid: 0, gid: 0 },
    { user: 'nobody', uid: 65534, gid: 65533 },
  ]);
});
