import { whyNoKafka } from '@spine/testkit/kafka/kafka-programs';
import { startKafka, type TestKafka } from '@spine/testkit/kafka/start-kafka';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { SightingKind } from '../domain/scan/sighting.ts';
import type { WatchedEndpoint } from '../domain/scan/watched-endpoint.ts';
import { observeKafka } from './observe-kafka.ts';

const mark = `t${process.pid}${Date.now().toString(36)}`;
const endpoint: WatchedEndpoint = {
  kind: 'sink',
  name: 'stream',
  type: 'kafka',
  url: '',
  brokers: [],
  topicPrefix: `${mark}.`,
  iam: 'stream_writer',
  quarantine: 'shadow',
  adminUrl: null,
  consumers: [],
};
const plain = (bootstrap: string) => ({ brokers: [bootstrap], tls: false, sasl: null });
const clientOf = (bootstrap: string): Kafka =>
  new Kafka({ clientId: 'a-stranger', brokers: [bootstrap], logLevel: logLevel.NOTHING });
const seenBy = async (bootstrap: string, kind: SightingKind) =>
  (await observeKafka(endpoint, plain(bootstrap))).sightings.filter((sighting) => sighting.kind === kind);

const bootstrap = inject('kafkaBootstrap');
describe.skipIf(bootstrap === '')('consumer groups', () => {
  const kafka = clientOf(bootstrap);
  const admin = kafka.admin();
  beforeAll(async () => {
    await admin.connect();
    await admin.createTopics({
      topics: [`${mark}.orders`, `elsewhere-${mark}`].map((topic) => ({ topic, numPartitions: 1 })),
      waitForLeaders: true,
    });
  });
  afterAll(() => admin.disconnect());

  test('a group that has read a topic of ours is seen, with what it read; one that read another is not', async () => {
    for (const topic of [`${mark}.orders`, `elsewhere-${mark}`]) {
      await admin.setOffsets({ groupId: `of-${topic}`, topic, partitions: [{ partition: 0, offset: '0' }] });
    }
    const seen = await seenBy(bootstrap, 'consumer_group');
    expect(seen).toMatchObject([
      { name: `of-${mark}.orders`, details: { topics: `${mark}.orders`, members: 0 } },
    ]);
    expect(seen[0]?.place).toMatch(/^kafka cluster .+/);
  });

  test('a group that reads now and has committed nothing is seen, with its clients', async () => {
    const consumer = kafka.consumer({ groupId: `live-${mark}` });
    await consumer.connect();
    await consumer.subscribe({ topic: `${mark}.orders` });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({ autoCommit: false, eachMessage: async () => undefined });
    await joined;
    const seen = await seenBy(bootstrap, 'consumer_group');
    await consumer.disconnect();
    const live = seen.find(({ name }) => name === `live-${mark}`);
    expect(live?.details).toMatchObject({ members: 1, clients: expect.stringContaining('a-stranger') });
  });

  test('without an authorizer who may read is unknown, and that is said', async () => {
    const { unobserved, observed, role } = await observeKafka(endpoint, plain(bootstrap));
    expect(unobserved).toEqual([
      { kind: 'topic_reader', reason: 'the cluster has no authorizer: whoever reaches it may read' },
    ]);
    expect(observed.map(({ kind }) => kind)).toEqual(['consumer_group']);
    expect(role).toBe('User:stream_writer');
  });
});

const reason = whyNoKafka();
describe.skipIf(reason !== null)('ACLs of a broker that has an authorizer', () => {
  let broker: TestKafka;
  beforeAll(async () => {
    broker = await startKafka({
      settings: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
      },
    });
    const admin = clientOf(broker.bootstrap).admin();
    await admin.connect();
    const rule = (principal: string, resourceName: string, more: object = {}) => ({
      resourceType: AclResourceTypes.TOPIC,
      resourceName,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${principal}`,
      host: '*',
      operation: AclOperationTypes.READ,
      permissionType: AclPermissionTypes.ALLOW,
      ...more,
    });
    await admin.createAcls({
      acl: [
        rule('reader', `${mark}.orders`),
        rule('broad', '*', { operation: AclOperationTypes.ALL }),
        rule('prefixed', mark.slice(0, 3), { resourcePatternType: ResourcePatternTypes.PREFIXED }),
        rule('stream_writer', `${mark}.`, { resourcePatternType: ResourcePatternTypes.PREFIXED }),
        rule('writer', `${mark}.orders`, { operation: AclOperationTypes.WRITE }),
        rule('denied', `${mark}.orders`, { permissionType: AclPermissionTypes.DENY }),
        rule('elsewhere', 'elsewhere'),
      ],
    });
    await admin.disconnect();
  }, 90_000);
  afterAll(() => broker?.stop());

  test('whoever may read a topic of ours is seen: by name, by prefix, by wildcard', async () => {
    const seen = await seenBy(broker.bootstrap, 'topic_reader');
    expect(seen.map(({ name }) => name).sort()).toEqual([
      'User:broad may read topic *',
      `User:prefixed may read topics that begin with ${mark.slice(0, 3)}`,
      `User:reader may read topic ${mark}.orders`,
      `User:stream_writer may read topics that begin with ${mark}.`,
    ]);
  });
});

test('a cluster that is not there is an error, soon', async () => {
  await expect(observeKafka(endpoint, plain('127.0.0.1:1'))).rejects.toThrow();
});
