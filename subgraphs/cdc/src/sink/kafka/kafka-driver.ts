/** One record on its way to a partition. The partition is ours to choose: a driver that chose anew when it sends again could double a record. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer | null;
  /** Null is a tombstone: what was under the key is gone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as a consumer of committed records meets it. */
export interface CommittedRecord {
  readonly offset: bigint;
  readonly key: string;
  readonly value: Buffer | null;
  /** Milliseconds since 1970, by the clock of its producer. */
  readonly timestampMs: number;
}

export interface TopicSettings {
  readonly name: string;
  /** -1 leaves it to the broker. */
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/** What the sink asks of a Kafka client: the whole of our dependence on one. */
export interface KafkaDriver {
  /** Creates the topic if it is missing, leaves one that exists as it is, and answers how many partitions it has. */
  ensureTopic(settings: TopicSettings): Promise<number>;
  /** Which of the topics exist. */
  existingTopics(names: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Opens the only producer of this transactional id. Once it answers, whatever an older producer of the id had not committed
   * is aborted, and whatever it tries from now on is refused with ProducerFenced.
   */
  openProducer(transactionalId: string): Promise<KafkaProducer>;
  /**
   * Reads partition 0 of a topic from its beginning, committed records only, until `onRecord` answers that it has seen enough.
   * Records that a compaction took out are not met.
   */
  readCommitted(
    topic: string,
    onRecord: (record: CommittedRecord) => 'more' | 'enough',
    signal: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface KafkaProducer {
  /** Begins a transaction; one at a time. */
  begin(): Promise<KafkaTransaction>;
  /** Aborts an open transaction where it can, and lets go. */
  close(): Promise<void>;
}

/** Nothing in it is seen by a consumer of committed records before `commit`. It ends once, by either. */
export interface KafkaTransaction {
  /** Appends in the given order, durably within the transaction. Throws RecordTooLarge, ProducerFenced, or what the world did. */
  send(records: readonly KafkaRecord[]): Promise<void>;
  /** Anything thrown but ProducerFenced leaves the outcome unknown: only what is read afterwards tells. */
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** A newer producer of the same transactional id was opened, or the broker ended a transaction that took too long. */
export class ProducerFenced extends Error {
  override readonly name = 'ProducerFenced';
}

/** The broker takes no record of this size. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
}
