// Predictions that were packed before, through the delivery of a run, exactly once: into batches, requests, sockets, and the
// ends of transactions. Nothing is fetched or learnt beside it.

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { createRangeLog } from '../../../src/pipeline/range-log.ts';
import type { PackedRecords } from '../../../src/sample/packed-records.ts';
import { createPage } from '../../../src/sample/page.ts';
import { commitEveryMs, openDelivery, type Place, partitions } from './delivery.ts';
import { cheapestTurn, type RecordCosts, startMeter } from './meter.ts';
import { chunkOf, createParts, pieceRecords } from './parts.ts';

const records = 1_000_000;
const weightsDigest = 'ab'.repeat(32);

/** What writing a prediction costs, its share of the commits included. */
export async function produceCosts(place: Place, predictions: readonly PackedRecords[]): Promise<RecordCosts> {
  const delivery = await openDelivery(place, 'stages-produce');
  const positions = new Map<number, number>();
  const ranges = createRangeLog();
  let sequence = 0;

  async function write(piece: PackedRecords): Promise<void> {
    // A copy, as what is written is freed.
    const page = createPage(piece.bytes.length);
    piece.bytes.copy(page.bytes);
    await delivery.write({ predictions: { ...piece, ...page }, deadLetters: [] });
    const { partition, length } = piece;
    const from = positions.get(partition) ?? 0;
    ranges.add({ partition, from, to: from + length, records: length });
    positions.set(partition, from + length);
    sequence += length;
  }

  const commit = () =>
    delivery.commit({ sequence, positions, ranges: ranges.take(), modelVersion: sequence, weightsDigest });

  async function turn(): Promise<RecordCosts> {
    const measured = startMeter();
    let committedMs = performance.now();
    for (let written = 0; written < records; written += pieceRecords) {
      await write(predictions[(written / pieceRecords) % predictions.length]);
      if (performance.now() - committedMs >= commitEveryMs) {
        committedMs = performance.now();
        await commit();
      }
      // As between the pieces of a run: sockets have their turn.
      await turnOfLoop();
    }
    await commit();
    return measured(records);
  }

  try {
    return await cheapestTurn(turn);
  } finally {
    await delivery.close();
  }
}

/** The predictions of fetches, partition after partition. */
export function packedPredictions(fetched: readonly Buffer[], features: number): PackedRecords[] {
  const { decoder, learner, encode } = createParts(features);
  return fetched.map((bytes, index) => {
    const chunk = chunkOf(bytes, index % partitions);
    const block = decoder.decode(chunk);
    return encode(chunk, block, learner.learn(block));
  });
}
