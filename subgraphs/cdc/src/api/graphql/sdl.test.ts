import { expect, test } from 'vitest';
import { buildCdcSubgraph } from '../../sdl.ts';

test('the subgraph has every field that cdc contributes to the graph', async () => {
  const { sdl } = await buildCdcSubgraph();
  expect(sdl).toMatch(/type Route[^{]*@key\(fields: "name"\)/);
  expect(sdl).toMatch(/type Dataset[^{]*@key\(fields: "namespace name"\)/);
  for (const field of [
    'routes: [Route!]!',
    'deadLetters: DeadLetterCounts!',
    'lag: RouteLag',
    'p95Seconds: Float!',
  ]) {
    expect(sdl).toContain(field);
  }
});
