import { expect, it } from 'vitest';
import { createPlainDelivery } from '../../src/pipeline/plain-delivery.ts';
import type { OutputRecord } from '../../src/sample/record.ts';
import { sinkInto } from './parts.ts';

const record: OutputRecord = { key: null, value: Buffer.from('x'), headers: [], timestampMs: null, partition: 0 };
const boundary = { sequence: 1, positions: new Map([[0, 1]]), ranges: [], modelVersion: 1, weightsDigest: null };

it('writes each kind to its sink and vouches for what both have flushed', async () => {
  const [predictions, deadLetters]: OutputRecord[][] = [[], []];
  const delivery = createPlainDelivery({ predictions: sinkInto(predictions), deadLetters: sinkInto(deadLetters) });
  await delivery.write({ predictions: [record, record], deadLetters: [record] });
  expect([predictions.length, deadLetters.length]).toEqual([2, 1]);
  expect(await delivery.commit(boundary)).toEqual({ predictions: 2, deadLetters: 1, journal: null });
});

it('troubles no sink with nothing, and does without those that are not there', async () => {
  const log: string[] = [];
  const delivery = createPlainDelivery({ predictions: null, deadLetters: sinkInto([], { log }) });
  await delivery.write({ predictions: [record], deadLetters: [] });
  expect(log).toEqual([]);
  expect(await delivery.commit(boundary)).toEqual({ predictions: null, deadLetters: 0, journal: null });
});
