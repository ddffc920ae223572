// What every way in promises (src/pipeline/ports.ts, Source): one suite, run on every adapter.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MillraceError } from '../../src/errors.ts';
import type { Source } from '../../src/pipeline/ports.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import type { Chunk, Positions } from '../../src/sample/record.ts';
import { claimedChunks } from '../support/claimed-chunks.ts';

/** One input and the sources over it. */
export interface SourceHarness {
  /** The values that the input holds, by partition, in order. */
  readonly expected: readonly (readonly string[])[];
  /** A fresh, unopened source over the whole input that ends where the input ends. */
  create(): Source;
  /** Resuming is tried at every n-th record of each partition; every one unless said. */
  readonly resumeEvery?: number;
  /** A source over an input that never ends or goes silent before its end: only an abort ends it. */
  createUnending(): Source;
  /** A source whose `open` must fail with this code. */
  readonly broken?: { create(): Source; readonly code: string };
  /**
   * A source over an input much larger than its read-ahead; `fetched` tells how much it has taken so far, which must
   * stay within `bound` (same unit) when one chunk was pulled.
   */
  readonly large?: { create(): Source; fetched(): number; readonly bound: number };
  dispose?(): Promise<void>;
}

/** What an adapter can show; decides which promises are put to the test. */
export interface SourceTraits {
  /** Whether `open` can fail, so that the harness has a `broken` source; true unless said. */
  readonly canFailToOpen?: boolean;
  /** Whether what is fetched can be seen from outside, so that it has a `large` one; false unless said. */
  readonly showsFetched?: boolean;
}

const START: Positions = new Map();

/** Reads to the end; chunks by partition. */
async function readAll(source: Source, from: Positions): Promise<Map<number, Chunk[]>> {
  const byPartition = new Map<number, Chunk[]>();
  await source.open();
  try {
    for await (const chunk of claimedChunks(source, from, new AbortController().signal)) {
      byPartition.set(chunk.partition, [...(byPartition.get(chunk.partition) ?? []), chunk]);
    }
  } finally {
    await source.close();
  }
  return byPartition;
}

function valuesOf(chunks: readonly Chunk[] | undefined): (string | null)[] {
  return (chunks ?? []).flatMap((chunk) =>
    recordList(chunk.records).map(({ value }) => (value === null ? null : Buffer.from(value).toString('utf8'))),
  );
}

function defined<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the harness lacks what its traits promise');
  return part;
}

/** Registers the suite; `makeHarness` is called anew for each test. */
export function describeSourceContract(
  name: string,
  makeHarness: () => Promise<SourceHarness>,
  { canFailToOpen = true, showsFetched = false }: SourceTraits = {},
): void {
  describe(`source contract: ${name}`, () => {
    let harness: SourceHarness;
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      await harness.dispose?.();
    });

    it('delivers every record once, in order for each partition', async () => {
      const chunks = await readAll(harness.create(), START);
      const values = harness.expected.map((_, partition) => valuesOf(chunks.get(partition)));
      expect(values).toEqual(harness.expected);
      expect([...chunks.keys()].every((partition) => partition < harness.expected.length)).toBe(true);
    });

    it('numbers chunks without gaps or overlaps: each starts where the one before said', async () => {
      for (const chunks of (await readAll(harness.create(), START)).values()) {
        let next = 0;
        for (const { records, nextOffset } of chunks) {
          expect(records.length).toBeGreaterThan(0);
          const offsets = recordList(records).map(({ offset }) => offset);
          expect(offsets).toEqual(offsets.map((_, index) => offsets[0] + index));
          expect(offsets[0]).toBe(next);
          expect(nextOffset).toBe(offsets[offsets.length - 1] + 1);
          next = nextOffset;
        }
      }
    });

    it('tells the same origin in its chunks from run to run', async () => {
      const first = await readAll(harness.create(), START);
      const origins = new Set([...first.values()].flat().map(({ origin }) => origin));
      expect(origins.size).toBe(1);
      expect(harness.create().origin).toBe(harness.create().origin);
    });

    it('resumes at any position with exactly the rest', async () => {
      const every = harness.resumeEvery ?? 1;
      const longest = Math.max(...harness.expected.map(({ length }) => length));
      for (let position = 0; position <= longest + every - 1; position += every) {
        const starts = harness.expected.map(({ length }) => Math.min(position, length));
        const chunks = await readAll(harness.create(), new Map(starts.entries()));
        harness.expected.forEach((values, partition) => {
          expect(valuesOf(chunks.get(partition))).toEqual(values.slice(starts[partition]));
          const [first] = chunks.get(partition) ?? [];
          if (first !== undefined) expect(first.records.offset(0)).toBe(starts[partition]);
        });
      }
    });

    it('may be left in the middle of the input', async () => {
      const source = harness.create();
      await source.open();
      for await (const chunk of claimedChunks(source, START, new AbortController().signal)) {
        expect(chunk.records.length).toBeGreaterThan(0);
        break;
      }
      await source.close();
    });

    if (showsFetched) {
      it('takes nothing beyond its bound while nobody pulls', async () => {
        const large = defined(harness.large);
        const source = large.create();
        await source.open();
        const iterator = claimedChunks(source, START, new AbortController().signal)[Symbol.asyncIterator]();
        expect((await iterator.next()).done).toBe(false);
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(large.fetched()).toBeGreaterThan(0);
        expect(large.fetched()).toBeLessThanOrEqual(large.bound);
        await iterator.return(undefined);
        await source.close();
      });
    }

    it('ends soon after an abort, though the input does not', async () => {
      const source = harness.createUnending();
      await source.open();
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      let abortedMs = Number.NaN;
      controller.signal.addEventListener('abort', () => {
        abortedMs = performance.now();
      });
      for await (const _ of claimedChunks(source, START, controller.signal))
        await new Promise((resolve) => setImmediate(resolve));
      expect(performance.now() - abortedMs).toBeLessThan(2000);
      await source.close();
    });

    it('ends at once where the signal has aborted before', async () => {
      const source = harness.createUnending();
      await source.open();
      const chunks: Chunk[] = [];
      for await (const chunk of claimedChunks(source, START, AbortSignal.abort())) chunks.push(chunk);
      expect(chunks).toEqual([]);
      await source.close();
    });

    it('takes acknowledgements while it reads', async () => {
      const source = harness.create();
      await source.open();
      for await (const chunk of claimedChunks(source, START, new AbortController().signal)) {
        await source.acknowledge(new Map([[chunk.partition, chunk.nextOffset]]));
      }
      await source.close();
    });

    it('may be closed twice, and unopened', async () => {
      const source = harness.create();
      await source.open();
      await source.close();
      await source.close();
      await harness.create().close();
    });

    if (canFailToOpen) {
      it('says what is wrong when it cannot be opened', async () => {
        const broken = defined(harness.broken);
        const source = broken.create();
        const error = await source.open().then(
          () => null,
          (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(MillraceError);
        expect(error).toMatchObject({ code: broken.code });
        await source.close();
      });
    }
  });
}
