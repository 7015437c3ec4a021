import { durationMs } from '../../domain/duration.ts';
import type { KafkaSinkEndpoint } from '../../domain/endpoint.ts';
import type { TopicDefaults } from './topic-plan.ts';

/**
 * How the topics of a sink are made. They keep what the sink's retention allows and no longer: every change in its order
 * (`delete`), or the last row of each key (`compact`, which for a finite retention still ends).
 */
export function topicDefaults(
  sink: Pick<KafkaSinkEndpoint, 'topicPrefix' | 'topics' | 'retention'>,
): TopicDefaults {
  const { partitions, replicationFactor, cleanupPolicy = 'delete' } = sink.topics ?? {};
  const retentionMs = durationMs(sink.retention);
  return {
    prefix: sink.topicPrefix,
    partitions: partitions ?? byBroker,
    replicationFactor: replicationFactor ?? byBroker,
    config: {
      'cleanup.policy': cleanupPolicy === 'compact' ? 'compact,delete' : 'delete',
      ...(retentionMs !== null && { 'retention.ms': String(retentionMs) }),
    },
  };
}

const byBroker = -1;
