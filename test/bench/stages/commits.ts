// The commits of a whole run, exactly once and as fast as it goes, without checkpoints: how long each part of one takes.
// The clock is around the delivery and in its hook; that the coordinator has answered is heard on the diagnostics channel
// of the client's own.

import { connectionsApiChannel } from '@platformatic/kafka';
import { createKafkaSource } from '../../../src/kafka/kafka-source.ts';
import { createCounters } from '../../../src/pipeline/counters.ts';
import { createFold } from '../../../src/pipeline/fold.ts';
import { runPipeline } from '../../../src/pipeline/pipeline.ts';
import type { Delivery } from '../../../src/pipeline/ports.ts';
import { startLearningThread } from '../../../src/thread/learning-thread.ts';
import { median, quantile } from '../statistics.ts';
import { commitEveryMs, openDelivery, type Place } from './delivery.ts';
import { createParts } from './parts.ts';

/** What `maxChunksInFlight` is unless a configuration says something else. */
const maxInFlight = 16;
/** Commits in which the run gets warm. */
const warmUp = 10;
/** Kafka's key of EndTxn. */
const endTxn = 26;

/** Milliseconds of one commit. */
interface CommitTimes {
  /** The last records, the journal's and the offsets, until all are confirmed. */
  readonly drain: number;
  /** The request to the coordinator that ends the transaction. */
  readonly end: number;
  /** Until its markers are in every partition. */
  readonly markers: number;
}

/** Runs through all of the input, and gives the figures of its commits, in milliseconds. */
export async function commitFigures(place: Place, features: number): Promise<Record<string, number>> {
  const name = 'stages-run';
  const { signal } = new AbortController();
  const { decoder, learner } = createParts(features);
  const predictions = { label: false, loss: false };
  const thread = startLearningThread({ predictions, onUnavailable: console.error });
  const counters = createCounters();
  const fold = createFold({ decoder, createLearner: () => learner, resume: null, counters, predictions, thread });
  const source = createKafkaSource({
    ...{ connection: { brokers: place.brokers }, topic: place.input, groupId: name, stopAtEnd: true },
  });
  await source.open();
  await source.claim(signal, () => {});
  const clock = createCommitClock();
  const delivery = await openDelivery(place, name, { onStage: clock.onStage });
  const startedMs = performance.now();
  const commitEvery = { samples: 1_000_000, ms: commitEveryMs };
  await runPipeline(
    {
      ...{ source, fold, delivery: clock.around(delivery), commitEvery, maxInFlight, gauge: { inFlight: 0 } },
      ...{ save: null, checkpointEvery: null, acknowledge: null, maxRecords: null },
    },
    signal,
  );
  const seconds = (performance.now() - startedMs) / 1000;
  clock.stop();
  await Promise.all([source.close(), delivery.close(), thread.close()]);
  const commits = clock.commits.slice(warmUp);
  return {
    ...{ runSamplesPerSecond: Math.round(fold.sequence / seconds), commits: commits.length },
    ...middleAndTail('drain', commits),
    ...middleAndTail('end', commits),
    ...middleAndTail('markers', commits),
  };
}

function createCommitClock() {
  const commits: CommitTimes[] = [];
  let drainedMs = 0;
  let endedMs = 0;
  const onAnswer = (request: unknown) => {
    if (request instanceof Object && 'apiKey' in request && request.apiKey === endTxn) endedMs = performance.now();
  };
  connectionsApiChannel.asyncStart.subscribe(onAnswer);
  return {
    commits,
    onStage(stage: string): void {
      if (stage === 'offsets-sent') drainedMs = performance.now();
    },
    /** The same delivery, with a clock. */
    around: (delivery: Delivery): Delivery => ({
      write: (outputs) => delivery.write(outputs),
      async commit(boundary) {
        const beganMs = performance.now();
        const marks = await delivery.commit(boundary);
        const markers = performance.now() - endedMs;
        commits.push({ drain: drainedMs - beganMs, end: endedMs - drainedMs, markers });
        return marks;
      },
    }),
    stop: () => connectionsApiChannel.asyncStart.unsubscribe(onAnswer),
  };
}

function middleAndTail(part: keyof CommitTimes, commits: readonly CommitTimes[]): Record<string, number> {
  const times = commits.map((commit) => commit[part]).sort((a, b) => a - b);
  const rounded = (ms: number) => Number(ms.toFixed(1));
  return { [`${part}Ms`]: rounded(median(times)), [`${part}P99Ms`]: rounded(quantile(times, 0.99)) };
}
