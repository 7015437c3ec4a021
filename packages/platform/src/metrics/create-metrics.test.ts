import { expect, test } from 'vitest';
import { createMetrics } from './create-metrics.ts';

test('every metric carries the prefix and its service, and services of one process do not share them', async () => {
  const registry = createMetrics('registry');
  const lineage = createMetrics('lineage');
  registry.counter({ name: 'things_total', help: 'Things.', labels: ['kind'] }).inc({ kind: 'a' }, 2);
  lineage.counter({ name: 'things_total', help: 'Things.' }).inc();
  expect(await registry.registry.metrics()).toContain('spine_things_total{kind="a",service="registry"} 2');
  expect(await lineage.registry.metrics()).toContain('spine_things_total{service="lineage"} 1');
});

test('a gauge may be read when asked', async () => {
  const metrics = createMetrics('cdc');
  let depth = 1;
  metrics.gauge({ name: 'depth', help: 'Depth.', collect: (gauge) => gauge.set(depth) });
  depth = 7;
  expect(await metrics.registry.metrics()).toContain('spine_depth{service="cdc"} 7');
  expect(await metrics.registry.metrics()).toMatch(
    /spine_process_resident_memory_bytes\{service="cdc"\} \d+/,
  );
});
