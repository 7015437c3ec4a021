import { test } from 'vitest';
import { comparisons } from '../testing/compare-executors.ts';

test.each(comparisons(600))('$name', async ({ run }) => await run(), 600_000);
