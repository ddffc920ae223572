// Fills a topic with records of the shape that the peer reads: `{"features":[10 numbers],"label":0|1}`.

import { produceRecords } from '../../../src/kafka/produce.ts';
import type { OutputRecord } from '../../../src/sample/record.ts';
import { createSamples } from './samples.ts';

const batch = 1000;

/** Sends `count` records of `features` numbers. */
export async function fill(brokers: readonly string[], topic: string, count: number, features = 10): Promise<void> {
  await produceRecords({ connection: { brokers }, topic }, records(count, features));
}

async function* records(count: number, features: number): AsyncGenerator<OutputRecord[]> {
  const next = createSamples(features);
  for (let made = 0; made < count; made += batch) {
    yield Array.from({ length: Math.min(batch, count - made) }, () => {
      const { values, label } = next();
      const value = Buffer.from(`{"features":[${values.join(',')}],"label":${label}}`);
      return { key: null, value, headers: [], timestampMs: null, partition: null };
    });
  }
}
