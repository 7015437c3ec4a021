import { Problem } from '@spine/kernel/problem';
import type { AvroRowEncoder } from '../../domain/avro/encode-row.ts';
import type { DeliveredTable } from '../../domain/delivery.ts';
import { type Relation, tableKey } from '../../domain/relation.ts';
import { isTopicName, topicName } from '../../domain/topic-name.ts';
import { obligationsOf } from '../table-plan.ts';
import type { KafkaDriver, TopicSettings } from './kafka-driver.ts';

/** How the changes of one table become records. Made by preparing the table, kept for as long as its shape holds. */
export interface TopicPlan {
  readonly relation: Relation;
  readonly topic: string;
  readonly partitions: number;
  readonly encoder: AvroRowEncoder;
  readonly valueSchemaId: number;
  readonly keySchemaId: number | null;
  /** The obligations that the plan meets; a delivery under others is refused. */
  readonly obligations: string;
}

/** A schema of a topic, to be registered under its subject. */
export interface TopicContract {
  readonly topic: string;
  /** `<topic>-key` or `<topic>-value`, where consumers look for it. */
  readonly subject: string;
  readonly schema: string;
}

/** Registers the schema and answers its id. Throws a Problem when the registry refuses it. */
export type BindTopic = (contract: TopicContract) => Promise<number>;

/** What the operator says of the topics that a sink creates. */
export interface TopicDefaults {
  readonly prefix: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Sees that topic and schemas stand, and answers how changes are written to it. */
export async function planTopic(input: {
  readonly driver: KafkaDriver;
  readonly bind: BindTopic;
  readonly defaults: TopicDefaults;
  readonly encoderOf: (table: DeliveredTable) => AvroRowEncoder;
  readonly table: DeliveredTable;
  /** Topics that other routes fill. */
  readonly taken: ReadonlyMap<string, string>;
}): Promise<TopicPlan> {
  const { driver, bind, defaults, table } = input;
  const { relation } = table;
  const topic = topicName(defaults.prefix, relation);
  if (!isTopicName(topic)) {
    throw new Problem(
      'SINK_TABLE_CONFLICT',
      `${tableKey(relation)}: Kafka has no topic of the name ${topic}`,
      {
        fix: 'Topics have letters, digits, dots, dashes and underscores, at most 249. Rename the table, or leave it out of the route.',
      },
    );
  }
  const owner = input.taken.get(topic);
  if (owner !== undefined) {
    throw new Problem('SINK_TABLE_CONFLICT', `the topic ${topic} is filled by the route ${owner}`, {
      fix: 'Give one of the sinks another topicPrefix: one topic is fed by one route.',
    });
  }
  const encoder = input.encoderOf(table);
  const valueSchemaId = await bind({ topic, subject: `${topic}-value`, schema: encoder.valueSchema });
  const keySchemaId =
    encoder.keySchema === null
      ? null
      : await bind({ topic, subject: `${topic}-key`, schema: encoder.keySchema });
  const partitions = await driver.ensureTopic(settingsOf(topic, defaults, keySchemaId !== null));
  const obligations = obligationsOf(table);
  return { relation, topic, partitions, encoder, valueSchemaId, keySchemaId, obligations };
}

function settingsOf(
  name: string,
  { partitions, replicationFactor, config }: TopicDefaults,
  keyed: boolean,
): TopicSettings {
  // A compacted topic takes no record without a key.
  const own = keyed ? config : { ...config, 'cleanup.policy': 'delete' };
  return { name, partitions, replicationFactor, config: own };
}
