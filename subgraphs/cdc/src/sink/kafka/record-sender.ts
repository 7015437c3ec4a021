import type { KafkaRecord, KafkaTransaction } from './kafka-driver.ts';

/** Keeps what one partition gets at once below the mebibyte that brokers take by default. */
const requestBytes = 768 * 1024;
const recordOverhead = 32;

/** Sends records in requests of a size that pays and that brokers take. */
export function createRecordSender(transaction: KafkaTransaction): {
  /** A promise only when a request was sent: wait for it before the next record. */
  add(record: KafkaRecord): Promise<void> | undefined;
  flush(): Promise<void>;
} {
  let waiting: KafkaRecord[] = [];
  let waitingBytes = 0;

  async function flush(): Promise<void> {
    const records = waiting;
    waiting = [];
    waitingBytes = 0;
    if (records.length > 0) await transaction.send(records);
  }

  return {
    add(record) {
      const bytes = sizeOf(record);
      const full = waiting.length > 0 && waitingBytes + bytes > requestBytes;
      const sent = full ? flush() : undefined;
      waiting.push(record);
      waitingBytes += bytes;
      return sent;
    },
    flush,
  };
}

function sizeOf({ key, value, headers }: KafkaRecord): number {
  let bytes = recordOverhead + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0);
  return bytes;
}
