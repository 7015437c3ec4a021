import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type CommittedRecord,
  type KafkaDriver,
  type KafkaRecord,
  ProducerFenced,
  RecordTooLarge,
} from './kafka-driver.ts';

/** What every driver promises, whichever broker it speaks to. `skip` says why there is no broker to ask. */
export function kafkaDriverSuite(name: string, createDriver: () => KafkaDriver, skip = false): void {
  const open = new Set<KafkaDriver>();
  const driver = (): KafkaDriver => {
    const made = createDriver();
    open.add(made);
    return made;
  };
  afterAll(async () => {
    for (const made of open) await made.close();
  });

  async function aTopic(client: KafkaDriver, partitions = 1): Promise<string> {
    const topic = `suite.${randomUUID()}`;
    await client.ensureTopic({ name: topic, partitions, replicationFactor: 1, config: {} });
    return topic;
  }

  describe.skipIf(skip)(`the driver: ${name}`, () => {
    test('a topic is made once, and one that stands is left as it is', async () => {
      const client = driver();
      const topic = await aTopic(client, 3);
      const again = { name: topic, partitions: 5, replicationFactor: 1, config: { 'retention.ms': '1' } };
      expect(await client.ensureTopic(again)).toBe(3);
      expect(await client.existingTopics([topic, 'no.such.topic'])).toEqual(new Set([topic]));
    });

    test('committed records are read in order, aborted ones never', async () => {
      const client = driver();
      const topic = await aTopic(client);
      const producer = await client.openProducer(topic);
      for (const [value, commits] of [
        ['one', true],
        ['never', false],
        ['two', true],
      ] as const) {
        const transaction = await producer.begin();
        await transaction.send([record(topic, 'k', value), record(topic, 'k', `${value}!`)]);
        await (commits ? transaction.commit() : transaction.abort());
      }
      expect(valuesOf(await readUntil(client, topic, 'two!'))).toEqual(['one', 'one!', 'two', 'two!']);
      await producer.close();
    });

    test('offsets rise, keys and tombstones come as they were sent', async () => {
      const client = driver();
      const topic = await aTopic(client);
      const producer = await client.openProducer(topic);
      const transaction = await producer.begin();
      await transaction.send([record(topic, 'a', null), record(topic, 'b', 'end')]);
      await transaction.commit();
      const read = await readUntil(client, topic, 'end');
      expect(read.map(({ key, value }) => [key, value])).toEqual([
        ['a', null],
        ['b', Buffer.from('end')],
      ]);
      expect((read[1]?.offset ?? 0n) > (read[0]?.offset ?? 0n)).toBe(true);
      await producer.close();
    });

    test('the older producer of an id loses what it had not committed, and may not commit it any more', async () => {
      const client = driver();
      const topic = await aTopic(client);
      const older = await client.openProducer(topic);
      const frozen = await older.begin();
      await frozen.send([record(topic, 'k', 'of the older')]);

      const newer = await driver().openProducer(topic);
      const transaction = await newer.begin();
      await transaction.send([record(topic, 'k', 'of the newer')]);
      await transaction.commit();

      await expect(frozen.commit()).rejects.toBeInstanceOf(ProducerFenced);
      expect(valuesOf(await readUntil(client, topic, 'of the newer'))).toEqual(['of the newer']);
      await older.close();
      await newer.close();
    });

    test('a fenced producer can send nothing', async () => {
      const client = driver();
      const topic = await aTopic(client);
      const older = await client.openProducer(topic);
      const begun = await older.begin();
      await begun.send([record(topic, 'k', 'first')]);
      await begun.commit();
      const newer = await driver().openProducer(topic);
      const late = await older.begin();
      await expect(late.send([record(topic, 'k', 'late')])).rejects.toBeInstanceOf(ProducerFenced);
      await older.close();
      await newer.close();
    });

    test('a record that the broker does not take is named as such, and the producer goes on after the abort', async () => {
      const client = driver();
      const topic = await aTopic(client);
      const producer = await client.openProducer(topic);
      const refused = await producer.begin();
      await expect(
        refused.send([{ ...record(topic, 'k', ''), value: Buffer.alloc(2 * 1024 * 1024) }]),
      ).rejects.toBeInstanceOf(RecordTooLarge);
      await refused.abort();
      const transaction = await producer.begin();
      await transaction.send([record(topic, 'k', 'small')]);
      await transaction.commit();
      expect(valuesOf(await readUntil(client, topic, 'small'))).toEqual(['small']);
      await producer.close();
    });

    test('a reader waits behind an open transaction, and is let go by its signal', async () => {
      const client = driver();
      const topic = await aTopic(client);
      const producer = await client.openProducer(topic);
      const transaction = await producer.begin();
      await transaction.send([record(topic, 'k', 'open')]);
      const waits = client.readCommitted(topic, () => 'enough', AbortSignal.timeout(1_000));
      await expect(waits).rejects.toThrow();
      await transaction.abort();
      await producer.close();
    });
  });
}

function record(topic: string, key: string, value: string | null): KafkaRecord {
  return {
    topic,
    partition: 0,
    key: Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: { 'spine-op': 'test' },
  };
}

async function readUntil(client: KafkaDriver, topic: string, last: string): Promise<CommittedRecord[]> {
  const read: CommittedRecord[] = [];
  const enough = (found: CommittedRecord) => {
    read.push(found);
    return found.value?.toString() === last ? 'enough' : 'more';
  };
  await client.readCommitted(topic, enough, AbortSignal.timeout(30_000));
  return read;
}

function valuesOf(records: readonly CommittedRecord[]): (string | undefined)[] {
  return records.map(({ value }) => value?.toString());
}
