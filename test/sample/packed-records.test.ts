// Packed records against the same records each by itself, in every form that they go out in.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderLines } from '../../src/file/render.ts';
import { recordBytes } from '../../src/kafka/records.ts';
import { createRecordBatch } from '../../src/kafka/wire/record-batch.ts';
import { listedRecords } from '../../src/sample/listed-records.ts';
import { type OutputRecords, type PackedRecords, sourceHeader, unpacked } from '../../src/sample/packed-records.ts';
import { pageOf } from '../../src/sample/page.ts';
import type { SourceRecord } from '../../src/sample/record.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const row = fc.record({
  value: bytes(300),
  source: bytes(60),
  key: fc.option(bytes(90)),
  headers: fc.array(fc.tuple(fc.string({ maxLength: 9 }), bytes(70)), { maxLength: 3 }),
  timestampMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
});

interface Row extends Pick<SourceRecord, 'key' | 'headers' | 'timestampMs'> {
  readonly value: Buffer;
  readonly source: Buffer;
}

function packed(rows: readonly Row[]): PackedRecords {
  const parts = rows.flatMap(({ value, source }) => [value, source]);
  let end = 0;
  return {
    length: rows.length,
    ...pageOf(Buffer.concat(parts)),
    ends: Int32Array.from(parts, ({ length }) => (end += length)),
    // Every other record was rejected: what was made of a sample is not at the sample's place.
    samples: listedRecords(
      rows.flatMap(({ key, headers, timestampMs }, offset) => {
        const sample = { key, value: null, headers, timestampMs, offset: 2 * offset };
        return [{ ...sample, key: Buffer.from('rejected') }, sample];
      }),
    ),
    index: Int32Array.from(rows, (_, index) => 2 * index + 1),
    partition: 3,
  };
}

function batchOf(records: OutputRecords): Buffer {
  const batch = createRecordBatch(1 << 20);
  for (let index = 0; index < records.length; index++) expect(batch.append(records, index)).toBe(true);
  return batch.seal({ id: 7n, epoch: 1, isTransactional: true }, 5);
}

describe('packed records', () => {
  it('are each the value, and the sample with its source for one header more', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        expect(unpacked(packed(rows))).toEqual(
          rows.map(({ key, value, source, headers, timestampMs }) => ({
            ...{ key, value, timestampMs, partition: 3 },
            headers: [...headers, [sourceHeader, source]],
          })),
        );
      }),
    );
  });

  it('are the same record batch, the same lines and as many bytes as each by itself', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const records = packed(rows);
        const single = unpacked(records);
        expect(batchOf(records).equals(batchOf(single))).toBe(true);
        expect(renderLines(records, 'value').equals(renderLines(single, 'value'))).toBe(true);
        expect(renderLines(records, 'dead-letter').equals(renderLines(single, 'dead-letter'))).toBe(true);
        for (const index of rows.keys()) expect(recordBytes(records, index)).toBe(recordBytes(single, index));
      }),
    );
  });
});
