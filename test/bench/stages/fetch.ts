// A filled topic through the source to chunks, and nothing else: sockets, requests, and reading the batches.

import { createKafkaSource } from '../../../src/kafka/kafka-source.ts';
import type { Place } from './delivery.ts';
import { cheapestTurn, type RecordCosts, startMeter } from './meter.ts';

/** What fetching a record costs, from the claimed partitions to the last chunk. Throws unless the topic holds so many. */
export function fetchCosts({ brokers, input }: Place, wanted: number): Promise<RecordCosts> {
  const options = { connection: { brokers }, topic: input, groupId: 'stages-fetch', stopAtEnd: true };
  return cheapestTurn(async () => {
    const source = createKafkaSource(options);
    const { signal } = new AbortController();
    await source.open();
    await source.claim(signal, () => {});
    const measured = startMeter();
    let found = 0;
    for await (const { records } of source.chunks(new Map(), signal)) found += records.length;
    const costs = measured(found);
    await source.close();
    if (found !== wanted) throw new Error(`${found} records of ${wanted} were fetched`);
    return costs;
  });
}
