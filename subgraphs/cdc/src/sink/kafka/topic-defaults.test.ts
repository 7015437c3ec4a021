import { expect, test } from 'vitest';
import { topicDefaults } from './topic-defaults.ts';

test('topics keep records for as long as the retention of their sink says', () => {
  const { config, partitions, replicationFactor } = topicDefaults({ topicPrefix: '', retention: 'P7D' });
  expect(config).toEqual({ 'cleanup.policy': 'delete', 'retention.ms': '604800000' });
  expect([partitions, replicationFactor]).toEqual([-1, -1]);
});

test('compacted topics end with the retention all the same', () => {
  const topics = { partitions: 6, replicationFactor: 3, cleanupPolicy: 'compact' } as const;
  expect(topicDefaults({ topicPrefix: 'shop.', retention: 'P1D', topics })).toEqual({
    prefix: 'shop.',
    partitions: 6,
    replicationFactor: 3,
    config: { 'cleanup.policy': 'compact,delete', 'retention.ms': '86400000' },
  });
});
