import { describe, expect, it } from 'vitest';
import { type PipelineOptions, runPipeline } from '../../src/pipeline/pipeline.ts';
import { createPlainDelivery } from '../../src/pipeline/plain-delivery.ts';
import type { JournalEntry, ReplayInput } from '../../src/pipeline/ports.ts';
import { replay } from '../../src/pipeline/replay.ts';
import { chunkOf } from '../sample/samples.ts';
import { foldOf, recordsOf, sourceOver } from './parts.ts';

const records = recordsOf(100);
const { signal } = new AbortController();

/** The journal of a run over the records, an entry for every 20. */
async function journal(): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  const delivery: PipelineOptions['delivery'] = {
    ...createPlainDelivery({ predictions: null, deadLetters: null }),
    commit: async ({ positions: _, ...boundary }) => {
      entries.push({ ...boundary, offset: entries.length });
      return { predictions: null, deadLetters: null, journal: entries.length };
    },
  };
  const rest = { save: null, checkpointEvery: null, acknowledge: null, maxInFlight: 2, maxRecords: null };
  const commitEvery = { samples: 20, ms: 1e9 };
  const source = sourceOver(records, 10);
  await runPipeline({ source, fold: foldOf(), delivery, commitEvery, gauge: { inFlight: 0 }, ...rest }, signal);
  return entries;
}

function inputOf(entries: readonly JournalEntry[], log: readonly string[] = records): ReplayInput {
  return {
    journalNext: 0,
    async refresh() {},
    async *entries() {
      yield* entries;
    },
    async *chunks({ from, to }) {
      for (let at = from; at < to; at += 7) yield chunkOf(log.slice(at, Math.min(at + 7, to)), at);
    },
    async close() {},
  };
}

describe('replaying the journal', () => {
  it('ends where the run ended, whatever the chunks are now', async () => {
    const entries = await journal();
    expect(entries).toHaveLength(5);
    const fold = foldOf();
    const heard: number[] = [];
    await replay(fold, inputOf(entries), signal, ({ offset }) => heard.push(offset));
    expect(fold.standing()).toMatchObject({
      sequence: 100,
      weightsDigest: entries[4].weightsDigest,
      positions: new Map([[0, 100]]),
    });
    expect(heard).toEqual([0, 1, 2, 3, 4]);
  });

  it('notices at once that a record has changed', async () => {
    const changed = records.with(45, '{"x":0.5,"y":0.4,"label":0}');
    const fold = foldOf();
    await expect(replay(fold, inputOf(await journal(), changed), signal)).rejects.toMatchObject({
      code: 'replay-differs',
      message: expect.stringContaining("up to the journal's entry at offset 2 gave"),
    });
    expect(fold.sequence).toBe(60);
  });

  it('notices that an entry is missing, before it learns anything out of order', async () => {
    const entries = (await journal()).toSpliced(1, 1);
    const fold = foldOf();
    await expect(replay(fold, inputOf(entries), signal)).rejects.toMatchObject({
      code: 'journal-damaged',
      message: expect.stringContaining(
        'entry at offset 2 goes on at offset 40 of partition 0, but the model stands at 20',
      ),
    });
    expect(fold.sequence).toBe(20);
  });

  it('stops between two entries when it is told to', async () => {
    const controller = new AbortController();
    const fold = foldOf();
    await replay(fold, inputOf(await journal()), controller.signal, ({ offset }) => {
      if (offset === 1) controller.abort();
    });
    expect(fold.sequence).toBe(40);
  });
});
