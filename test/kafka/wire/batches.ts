// Record batches as a broker keeps them, made by Millrace's own writer, for the tests of reading.

import { compressionsAlgorithms, crc32c } from '@platformatic/kafka';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createRecordBatch } from '../../../src/kafka/wire/record-batch.ts';
import type { OutputRecord } from '../../../src/sample/record.ts';

const nobody = { id: -1n, epoch: -1 };

interface Placing {
  readonly baseOffset: number;
  /** Offsets that the batch takes; more than it has records where compaction has been at it. */
  readonly span?: number;
  readonly producer?: bigint;
  readonly attributes?: number;
}

/** A batch as a broker keeps it: at an offset of its own. */
export function placed(
  records: readonly OutputRecord[],
  { baseOffset, span, producer, attributes = 0 }: Placing,
): Buffer {
  const batch = createRecordBatch(1 << 20);
  for (const row of records.keys()) expect(batch.append(records, row)).toBe(true);
  const isTransactional = producer !== undefined;
  const identity = isTransactional ? { id: producer, epoch: 0 } : nobody;
  const bytes = Buffer.from(batch.seal({ ...identity, isTransactional }, 0));
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  bytes.writeInt16BE(bytes.readInt16BE(21) | attributes, 21);
  bytes.writeInt32BE((span ?? records.length) - 1, 23);
  return sealed(bytes);
}

/** With a checksum that fits what it holds now. */
export function sealed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

/** What batches may be compressed with. */
export const compressions = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** A batch as a client with this `compression.type` sends it; or with other bytes for its records. */
export function compressed(batch: Buffer, kind: Compression, records?: Buffer): Buffer {
  const { bitmask, compressSync } = compressionsAlgorithms[kind];
  const bytes = Buffer.concat([batch.subarray(0, 61), records ?? compressSync(batch.subarray(61))]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt16BE(bytes.readInt16BE(21) | bitmask, 21);
  return sealed(bytes);
}

/** A batch as a client with `compression.type=gzip` sends it. */
export function zipped(batch: Buffer): Buffer {
  return compressed(batch, 'gzip');
}

/** A record of nothing but a value. */
export function valued(value: string): OutputRecord {
  return { key: null, value: Buffer.from(value), headers: [], timestampMs: 1, partition: 0 };
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
/** Records with all that they may have. */
export const record: fc.Arbitrary<OutputRecord> = fc.record({
  key: fc.option(bytes(80)),
  value: fc.option(
    fc.oneof(
      bytes(200),
      fc.constantFrom(8191, 8192, 70_000).map((size) => Buffer.alloc(size, 7)),
    ),
  ),
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), bytes(70)), { maxLength: 4 }),
  timestampMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  partition: fc.constant(0),
});
