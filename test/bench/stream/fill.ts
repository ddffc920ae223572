// Fills a topic with records of the shape that the peer reads: `{"features":[10 numbers],"label":0|1}`.

import { produceRecords } from '../../../src/kafka/produce.ts';
import type { OutputRecord } from '../../../src/sample/record.ts';
import { createSamples } from './samples.ts';

const batch = 1000;

export interface FillOptions {
  /** Numbers of a record; 10 unless said. */
  readonly features?: number;
  /** Bytes of a text that stands before them; without one unless said. */
  readonly padding?: number;
}

/** Sends `count` records. */
export async function fill(
  brokers: readonly string[],
  topic: string,
  count: number,
  options: FillOptions = {},
): Promise<void> {
  await produceRecords({ connection: { brokers }, topic }, records(count, options));
}

async function* records(count: number, { features = 10, padding = 0 }: FillOptions): AsyncGenerator<OutputRecord[]> {
  const next = createSamples(features);
  const before = padding > 0 ? `"note":"${'x'.repeat(padding)}",` : '';
  for (let made = 0; made < count; made += batch) {
    yield Array.from({ length: Math.min(batch, count - made) }, () => {
      const { values, label } = next();
      const value = Buffer.from(`{${before}"features":[${values.join(',')}],"label":${label}}`);
      return { key: null, value, headers: [], timestampMs: null, partition: null };
    });
  }
}
