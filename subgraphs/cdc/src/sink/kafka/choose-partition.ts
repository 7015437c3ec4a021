/**
 * The partition of a key, as the default partitioner of Kafka's Java client chooses it: every change of a row lies in one
 * partition, also beside the records of other producers. A record without a key goes to the partition that `turn` points at.
 */
export function choosePartition(key: Buffer | null, partitions: number, turn: number): number {
  return key === null ? turn % partitions : (murmur2(key) & 0x7fffffff) % partitions;
}

/** MurmurHash2 with the seed and the byte order of Kafka's `Utils.murmur2`; a signed 32-bit number. */
export function murmur2(data: Buffer): number {
  const { length } = data;
  const whole = length & ~3;
  let hash = 0x9747b28c ^ length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(data.readInt32LE(at), mixer);
    word ^= word >>> 24;
    hash = Math.imul(hash, mixer) ^ Math.imul(word, mixer);
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at -= 1) hash ^= (data[at] ?? 0) << ((at - whole) * 8);
    hash = Math.imul(hash, mixer);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, mixer);
  return hash ^ (hash >>> 15);
}

const mixer = 0x5bd1e995;
