import { randomUUID } from 'node:crypto';
import avsc from 'avsc';
import { Kafka, logLevel } from 'kafkajs';

/** A record of a topic as a consumer of ours would see it: Avro decoded by the schemas that the registry has. */
export interface ReadRecord {
  readonly key: Readonly<Record<string, unknown>> | null;
  /** Null is a tombstone. */
  readonly value: Readonly<Record<string, unknown>> | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
}

export interface TopicReader {
  /** Everything read so far, in the order of each partition. */
  records(topic: string): readonly ReadRecord[];
  close(): Promise<void>;
}

/** Follows topics from their beginning, committed records only. */
export async function createTopicReader(input: {
  readonly bootstrap: string;
  readonly registryUrl: string;
  readonly topics: readonly string[];
}): Promise<TopicReader> {
  const types = new Map<number, Promise<avsc.Type>>();
  const typeOf = (id: number): Promise<avsc.Type> => {
    const known = types.get(id) ?? fetchType(input.registryUrl, id);
    types.set(id, known);
    return known;
  };
  const decode = async (bytes: Buffer | null): Promise<Record<string, unknown> | null> => {
    if (bytes === null) return null;
    if (bytes[0] !== 0) throw new Error('a record without the frame of a schema registry');
    return (await typeOf(bytes.readInt32BE(1))).fromBuffer(bytes.subarray(5));
  };

  const read = new Map<string, ReadRecord[]>(input.topics.map((topic) => [topic, []]));
  const kafka = new Kafka({ brokers: [input.bootstrap], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [...input.topics], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      read.get(topic)?.push({
        key: await decode(message.key),
        value: await decode(message.value),
        headers: Object.fromEntries(headers),
        partition,
      });
    },
  });
  return {
    records: (topic) => read.get(topic) ?? [],
    close: () => consumer.disconnect(),
  };
}

/** As every Confluent client asks for it. */
async function fetchType(registryUrl: string, id: number): Promise<avsc.Type> {
  const answer = await fetch(`${registryUrl}/schemas/ids/${id}`);
  const { schema } = (await answer.json()) as { schema: string };
  return avsc.Type.forSchema(JSON.parse(schema));
}
