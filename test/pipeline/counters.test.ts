import { expect, it } from 'vitest';
import { createCounters } from '../../src/pipeline/counters.ts';
import { listedRecords } from '../../src/sample/listed-records.ts';
import { chunkOf, jsonDecoder, numeric, schemaOf } from '../sample/samples.ts';

const decoder = jsonDecoder(schemaOf([numeric('x')]));
const chunk = chunkOf(['{"x":1,"label":1}', '{"x":2}', '{"x":3,"label":0}', 'oops', null, '{}', '{}']);
const block = decoder.decode(chunk);

it('counts records by what became of them, and rejections by their reason', () => {
  const counters = createCounters();
  counters.countChunk(chunk, block);
  counters.countChunk(chunk, block);
  expect(counters).toMatchObject({ samples: 14, learned: 4, scored: 2, rejected: 8 });
  expect(counters.rejectedByReason).toEqual({ malformed: 2, tombstone: 2, 'missing-feature': 4 });
});

it('sums the losses of labelled samples', () => {
  const counters = createCounters();
  counters.countLosses(Float32Array.of(0.5, Number.NaN, 0.25), block);
  expect(counters).toMatchObject({ lossSum: 0.75, lossCount: 2 });
});

it('leaves out a loss that overflowed: one must not spoil the sum for ever', () => {
  const counters = createCounters();
  counters.countLosses(Float32Array.of(0.5, Number.NaN, Infinity), block);
  counters.countLosses(Float32Array.of(Number.NaN, Number.NaN, 0.25), block);
  expect(counters).toMatchObject({ lossSum: 0.75, lossCount: 2 });
});

it('knows the newest event time, in whatever order the records come', () => {
  const counters = createCounters();
  const at = (...times: (number | null)[]) => {
    const records = times.map((timestampMs, i) => ({ ...chunk.records.at(i), timestampMs }));
    counters.countChunk({ ...chunk, records: listedRecords(records) }, block);
    return counters.newestTimestampMs;
  };
  expect(at(null)).toBeNull();
  expect(at(10, 30, 20)).toBe(30);
  expect(at(5, null)).toBe(30);
  expect(at(40)).toBe(40);
});
