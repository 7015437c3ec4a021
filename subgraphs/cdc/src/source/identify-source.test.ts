import { parseLsn } from '@spine/kernel/lsn';
import { expect, test } from 'vitest';
import { parseTimelineHistory } from './identify-source.ts';

test('a history file tells where each timeline was left', () => {
  expect(
    parseTimelineHistory(
      '1\t0/3000158\tno recovery target specified\n\n2\t0/5000000\tbefore 2026-01-01\n# x\n',
    ),
  ).toEqual([
    { timeline: 1, at: parseLsn('0/3000158') },
    { timeline: 2, at: parseLsn('0/5000000') },
  ]);
});
