import { randomUUID } from 'node:crypto';
import { type Admin, Kafka, logLevel, type Message, type Transaction } from 'kafkajs';
import type { KafkaAccess } from '../../clients/kafka-access.ts';
import {
  type CommittedRecord,
  type KafkaDriver,
  type KafkaProducer,
  type KafkaRecord,
  type KafkaTransaction,
  ProducerFenced,
  RecordTooLarge,
} from './kafka-driver.ts';

/**
 * How long the broker lets a transaction stay open: the longest that brokers allow by default, for the copy of a table is one.
 * A worker that dies is no reason to wait for it: its successor's producer ends its transaction at once.
 */
const transactionMs = 900_000;

const knownMs = 10_000;

/** What waits for it longer is given up; a successor settles what happened. */
const closeMs = 5_000;

/** kafkajs waits 300 ms before it asks again by default; a broker that still writes the markers of the last commit is ready in a few. */
const retry = { initialRetryTime: 20, multiplier: 2, maxRetryTime: 2_000, retries: 9 };

/** The driver over kafkajs. Connects when it is first asked something. */
export function createKafkajsDriver({ brokers, tls, sasl }: KafkaAccess, clientId: string): KafkaDriver {
  const kafka = new Kafka({
    clientId,
    brokers: [...brokers],
    ssl: tls,
    ...(sasl !== null && { sasl }),
    connectionTimeout: 10_000,
    requestTimeout: 30_000,
    retry,
    // Its messages would quote what it was sending; what matters of a failure is in the error.
    logLevel: logLevel.NOTHING,
  });
  const closers = new Set<() => Promise<void>>();
  let admin: Promise<Admin> | null = null;

  function administer(): Promise<Admin> {
    admin ??= connectAdmin();
    return admin;
  }

  async function connectAdmin(): Promise<Admin> {
    const made = kafka.admin();
    try {
      await made.connect();
    } catch (error) {
      admin = null;
      throw error;
    }
    closers.add(() => made.disconnect());
    return made;
  }

  return {
    async ensureTopic({ name, partitions, replicationFactor, config }) {
      const asked = await administer();
      if (!(await asked.listTopics()).includes(name)) {
        const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
        await asked.createTopics({
          topics: [{ topic: name, numPartitions: partitions, replicationFactor, configEntries }],
          waitForLeaders: false,
        });
      }
      return await partitionsOf(asked, name);
    },
    async existingTopics(names) {
      const known = new Set(await (await administer()).listTopics());
      return new Set(names.filter((name) => known.has(name)));
    },
    async openProducer(transactionalId) {
      // `idempotent` would only fetch a second producer id: what a transaction sends is idempotent in any case.
      const producer = kafka.producer({
        transactionalId,
        transactionTimeout: transactionMs,
        // A topic is made by `ensureTopic`, with its settings, or not at all.
        allowAutoTopicCreation: false,
        retry,
      });
      const disconnect = () => withinTime(producer.disconnect());
      closers.add(disconnect);
      await producer.connect();
      // It asks for its id, which fences the older one, when it first begins.
      let begun: Transaction | null = await asOurs(producer.transaction());
      let open: Transaction | null = null;
      const made: KafkaProducer = {
        async begin() {
          const transaction = begun ?? (await asOurs(producer.transaction()));
          begun = null;
          open = transaction;
          return transactionOf(transaction, () => {
            open = null;
          });
        },
        async close() {
          if (open?.isActive() === true) await withinTime(open.abort());
          closers.delete(disconnect);
          await disconnect();
        },
      };
      return made;
    },
    async readCommitted(topic, onRecord, signal) {
      signal.throwIfAborted();
      const groupId = `spine-read-${randomUUID()}`;
      const consumer = kafka.consumer({
        groupId,
        maxWaitTimeInMs: 500,
        allowAutoTopicCreation: false,
        // A broker that did not know a new topic yet is asked again soon, not in five minutes.
        metadataMaxAge: 2_000,
        retry,
      });
      const leave = () => withinTime(consumer.disconnect());
      closers.add(leave);
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [topic], fromBeginning: true });
        await new Promise<void>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          consumer.on(consumer.events.CRASH, ({ payload }) => {
            // A coordinator that is still loading, for one: it joins again, for as long as the signal lets it.
            if (!payload.restart) reject(payload.error);
          });
          let enough = false;
          consumer
            .run({
              autoCommit: false,
              eachBatch: async ({ batch }) => {
                if (batch.partition !== 0) return;
                for (const message of batch.messages) {
                  if (enough) return;
                  enough = onRecord(committedRecord(message)) === 'enough';
                }
                if (enough) resolve();
              },
            })
            .catch(reject);
        });
      } finally {
        closers.delete(leave);
        await leave();
        // A group without members is forgotten by itself in days; nobody waits for this.
        void administer()
          .then((asked) => asked.deleteGroups([groupId]))
          .catch(() => undefined);
      }
    },
    async close() {
      const closing = [...closers];
      closers.clear();
      await Promise.all(closing.map((end) => withinTime(end())));
    },
  };
}

/** A topic that was just made is not known to every broker at once. */
async function partitionsOf(admin: Admin, topic: string): Promise<number> {
  const deadline = Date.now() + knownMs;
  for (;;) {
    const found = await admin
      .fetchTopicMetadata({ topics: [topic] })
      .then(({ topics }) => topics[0]?.partitions.length ?? 0)
      .catch((error: unknown) => {
        const types = errorTypes(error);
        if (!notYetTypes.some((type) => types.has(type))) throw error;
        return 0;
      });
    if (found > 0) return found;
    if (Date.now() > deadline) throw new Error(`no broker knows the topic ${topic}, which was just made`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function transactionOf(transaction: Transaction, onEnd: () => void): KafkaTransaction {
  return {
    async send(records) {
      // One partition a request: where a request has several and the leader of one moves, kafkajs sends again what was written.
      const sends = [...byPartition(records).values()].map(({ topic, messages }) =>
        asOurs(transaction.send({ topic, messages, acks: -1 })),
      );
      const answers = await Promise.allSettled(sends);
      for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    },
    async commit() {
      await asOurs(transaction.commit());
      onEnd();
    },
    async abort() {
      await asOurs(transaction.abort());
      onEnd();
    },
  };
}

function byPartition(records: readonly KafkaRecord[]): Map<string, { topic: string; messages: Message[] }> {
  const runs = new Map<string, { topic: string; messages: Message[] }>();
  for (const { topic, partition, key, value, headers } of records) {
    const place = `${topic}/${partition}`;
    let run = runs.get(place);
    if (run === undefined) {
      run = { topic, messages: [] };
      runs.set(place, run);
    }
    run.messages.push({ key, value, partition, headers });
  }
  return runs;
}

function committedRecord(message: {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
}): CommittedRecord {
  return {
    offset: BigInt(message.offset),
    key: message.key?.toString('utf8') ?? '',
    value: message.value,
    timestampMs: Number(message.timestamp),
  };
}

/** Names what we act on; everything else passes as it is. */
async function asOurs<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    const types = errorTypes(error);
    if (fencedTypes.some((type) => types.has(type))) {
      throw new ProducerFenced('a newer producer has the transactional id', { cause: error });
    }
    if (tooLargeTypes.some((type) => types.has(type))) {
      throw new RecordTooLarge('the broker takes no record of this size', { cause: error });
    }
    throw error;
  });
}

const notYetTypes = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];
const fencedTypes = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'TRANSACTION_COORDINATOR_FENCED'];
const tooLargeTypes = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];

/** The protocol's names of what went wrong: kafkajs wraps an error in others. */
function errorTypes(error: unknown): ReadonlySet<string> {
  const types = new Set<string>();
  let inner = error;
  for (let depth = 0; depth < 8 && inner instanceof Error; depth += 1) {
    if ('type' in inner && typeof inner.type === 'string') types.add(inner.type);
    inner = inner.cause ?? ('originalError' in inner ? inner.originalError : undefined);
  }
  return types;
}

async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeMs);
  });
  await Promise.race([work.then(() => undefined).catch(() => undefined), late]);
  clearTimeout(timer);
}
