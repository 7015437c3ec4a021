import { test } from 'vitest';
import { comparisons } from '../testing/compare-executors.ts';

// A sample at each change; differential.long.test.ts runs many.
test.each(comparisons(5))('$name', async ({ run }) => await run(), 30_000);
