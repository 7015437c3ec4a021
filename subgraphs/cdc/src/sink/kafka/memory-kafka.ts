import {
  type KafkaDriver,
  type KafkaProducer,
  type KafkaRecord,
  type KafkaTransaction,
  ProducerFenced,
  RecordTooLarge,
} from './kafka-driver.ts';

interface Stored extends KafkaRecord {
  readonly offset: bigint;
  readonly transaction: { state: 'open' | 'committed' | 'aborted' };
}

/** A broker in memory, for tests without one: topics, transactions and fencing as Kafka has them. */
export interface MemoryKafka {
  /** A client of it; several may be open. */
  driver(): KafkaDriver;
  /** What a consumer of committed records has met of a topic so far, partition by partition. */
  committed(topic: string): readonly KafkaRecord[];
  /** All of a topic, whatever became of its transaction. */
  appended(topic: string): readonly KafkaRecord[];
  deleteTopic(topic: string): void;
  /** The next commit is not answered: it took place (`after`), or it did not (`before`). */
  loseNextCommit(when: 'before' | 'after'): void;
}

const maxRecordBytes = 1_048_576;

export function createMemoryKafka(): MemoryKafka {
  const topics = new Map<string, Stored[][]>();
  const producers = new Map<string, { epoch: number; open: Stored['transaction'] | null }>();
  let waiting: (() => void)[] = [];
  let lost: 'before' | 'after' | null = null;

  function tell(): void {
    const told = waiting;
    waiting = [];
    for (const go of told) go();
  }

  /** Up to the first transaction that is open, as a consumer of committed records reads. */
  function readable(topic: string, partition: number): readonly Stored[] {
    const records = topics.get(topic)?.[partition] ?? [];
    const end = records.findIndex(({ transaction }) => transaction.state === 'open');
    return (end < 0 ? records : records.slice(0, end)).filter(
      ({ transaction }) => transaction.state === 'committed',
    );
  }

  function append(record: KafkaRecord, transaction: Stored['transaction']): void {
    const log = topics.get(record.topic)?.[record.partition];
    if (log === undefined) throw new Error(`there is no partition ${record.topic}/${record.partition}`);
    log.push({ ...record, offset: BigInt(log.length), transaction });
  }

  function openProducer(id: string): KafkaProducer {
    const known = producers.get(id) ?? { epoch: 0, open: null };
    producers.set(id, known);
    if (known.open !== null) known.open.state = 'aborted';
    known.open = null;
    known.epoch += 1;
    const { epoch } = known;
    tell();
    const fence = (): void => {
      if (known.epoch !== epoch) throw new ProducerFenced('a newer producer has the transactional id');
    };
    return {
      async begin(): Promise<KafkaTransaction> {
        const transaction: Stored['transaction'] = { state: 'open' };
        let ended = false;
        const end = async (state: 'committed' | 'aborted'): Promise<void> => {
          if (ended) throw new Error('a transaction ends once');
          ended = true;
          fence();
          const loses = state === 'committed' ? lost : null;
          if (loses !== null) lost = null;
          if (loses === 'before') throw new Error('the connection was lost');
          transaction.state = state;
          known.open = null;
          tell();
          if (loses === 'after') throw new Error('the connection was lost');
        };
        return {
          async send(records) {
            fence();
            known.open = transaction;
            for (const record of records) {
              const bytes = (record.key?.length ?? 0) + (record.value?.length ?? 0);
              if (bytes > maxRecordBytes) throw new RecordTooLarge('the broker takes no record of this size');
              append(record, transaction);
            }
          },
          commit: () => end('committed'),
          abort: () => end('aborted'),
        };
      },
      async close() {
        if (known.epoch !== epoch || known.open === null) return;
        known.open.state = 'aborted';
        known.open = null;
        tell();
      },
    };
  }

  function driver(): KafkaDriver {
    return {
      async ensureTopic({ name, partitions }) {
        const made = topics.get(name) ?? Array.from({ length: Math.max(partitions, 1) }, () => []);
        topics.set(name, made);
        return made.length;
      },
      existingTopics: async (names) => new Set(names.filter((name) => topics.has(name))),
      openProducer: async (id) => openProducer(id),
      async readCommitted(topic, onRecord, signal) {
        const aborted = new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
        aborted.catch(() => undefined);
        let next = 0n;
        for (;;) {
          signal.throwIfAborted();
          const changed = new Promise<void>((resolve) => waiting.push(resolve));
          for (const { offset, key, value } of readable(topic, 0)) {
            if (offset < next) continue;
            next = offset + 1n;
            const record = { offset, key: key?.toString('utf8') ?? '', value, timestampMs: 0 };
            if (onRecord(record) === 'enough') return;
          }
          await Promise.race([changed, aborted]);
        }
      },
      close: async () => undefined,
    };
  }

  return {
    driver,
    committed: (topic) => (topics.get(topic) ?? []).flatMap((_, partition) => readable(topic, partition)),
    appended: (topic) => (topics.get(topic) ?? []).flat(),
    deleteTopic: (topic) => void topics.delete(topic),
    loseNextCommit(when) {
      lost = when;
    },
  };
}
