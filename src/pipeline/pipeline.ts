// The whole way of a sample: chunk by chunk through the fold, out to the sinks, into a checkpoint; bounded throughout.

import { asyncScheduler, concatMap, identity, lastValueFrom, map, pipe, type SchedulerLike } from 'rxjs';
import type { OutputRecord } from '../sample/record.ts';
import { bounded, type FlightGauge } from './bounded.ts';
import { checkpointDue } from './checkpoint-due.ts';
import type { Fold, Folded, FoldSnapshot } from './fold.ts';
import { withIdle } from './idle.ts';
import { limitRecords } from './limit-records.ts';
import type { Sink, SinkMark, Source } from './ports.ts';

/** What each output vouches for at a checkpoint. */
export interface SinkMarks {
  readonly predictions: SinkMark;
  readonly deadLetters: SinkMark;
}

export interface PipelineOptions {
  readonly source: Source;
  readonly fold: Fold;
  /** null publishes nothing. */
  readonly predictions: Sink | null;
  /** null drops what is rejected. */
  readonly deadLetters: Sink | null;
  /** Keeps a snapshot whose outputs are durable up to `marks`; null keeps none. */
  readonly save: ((snapshot: FoldSnapshot, marks: SinkMarks) => Promise<void>) | null;
  readonly checkpointEvery: { readonly samples: number; readonly ms: number };
  /** Most chunks between source and commit. */
  readonly maxInFlight: number;
  /** Ends after so many records; null at the end of the input. */
  readonly maxRecords: number | null;
  readonly gauge: FlightGauge;
  readonly scheduler?: SchedulerLike;
}

/**
 * Runs until the input ends, `maxRecords` have been dealt with, or `signal` aborts; then finishes what is in flight,
 * flushes the outputs and saves a last checkpoint. Rejects with the first failure of any part, saving nothing more.
 */
export async function runPipeline(options: PipelineOptions, signal: AbortSignal): Promise<void> {
  const { source, fold, checkpointEvery } = options;
  const resumedAt = fold.sequence;
  const chunks = withIdle(source.chunks(fold.positions, signal), checkpointEvery.ms);
  const stages = pipe(
    options.maxRecords === null ? identity : limitRecords(options.maxRecords),
    map((chunk): Folded => (chunk ? fold.apply(chunk) : silence)),
    checkpointDue<Folded>({
      everySamples: options.save ? checkpointEvery.samples : Number.POSITIVE_INFINITY,
      everyMs: checkpointEvery.ms,
      scheduler: options.scheduler ?? asyncScheduler,
    }),
    // The snapshot is taken here, synchronously, before the next chunk is learnt; it is saved when its outputs are durable.
    map(({ item, due }) => ({ ...item, snapshot: due && options.save ? fold.snapshot() : null })),
    concatMap(async ({ predictions, deadLetters, snapshot }) => {
      await write(options.predictions, predictions);
      await write(options.deadLetters, deadLetters);
      if (snapshot) await commit(options, snapshot);
    }),
  );
  await lastValueFrom(bounded(chunks, options.maxInFlight, stages, options.gauge), { defaultValue: undefined });
  const end = fold.snapshot();
  if (end && end.sequence !== resumedAt) await commit(options, end);
  else await flush(options);
}

const silence: Folded = { records: 0, predictions: [], deadLetters: [] };

async function write(sink: Sink | null, records: readonly OutputRecord[]): Promise<void> {
  if (sink && records.length > 0) await sink.write(records);
}

/** Outputs first, then the checkpoint that vouches for them, then the word to the source. */
async function commit(options: PipelineOptions, snapshot: FoldSnapshot): Promise<void> {
  const marks = await flush(options);
  await options.save?.(snapshot, marks);
  await options.source.acknowledge(snapshot.positions);
}

async function flush({ predictions, deadLetters }: PipelineOptions): Promise<SinkMarks> {
  return {
    predictions: predictions ? await predictions.flush() : null,
    deadLetters: deadLetters ? await deadLetters.flush() : null,
  };
}
