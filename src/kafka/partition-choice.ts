// Which partition an output record goes to. Always chosen here: kafkajs would choose anew when it retries.

/** Kafka's murmur2 over a key, as a signed 32-bit number (org.apache.kafka.common.utils.Utils.murmur2). */
export function murmur2(bytes: Uint8Array): number {
  const m = 0x5bd1e995;
  const length = bytes.length;
  const aligned = length & ~3;
  let h = 0x9747b28c ^ length;
  for (let i = 0; i < aligned; i += 4) {
    let k = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    k = Math.imul(k, m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  const rest = length - aligned;
  if (rest >= 3) h ^= bytes[aligned + 2] << 16;
  if (rest >= 2) h ^= bytes[aligned + 1] << 8;
  if (rest >= 1) h = Math.imul(h ^ bytes[aligned], m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

/** The partition for a record that names one, or null, and has a key, or null. */
export type PartitionChoice = (named: number | null, key: Uint8Array | null) => number;

/**
 * A chooser for a topic of `count` partitions: the partition that a record names (modulo count, so that what came from
 * one input partition stays in order), else the key's murmur2 as Kafka's own clients do it, else each in turn.
 */
export function createPartitionChoice(count: number): PartitionChoice {
  let turn = 0;
  return (named, key) => {
    if (named !== null) return named % count;
    if (key !== null) return (murmur2(key) & 0x7fffffff) % count;
    turn = (turn + 1) % count;
    return turn;
  };
}
