import { describe, expect, it } from 'vitest';
import { createPace, paced } from '../../src/pipeline/paced.ts';
import type { Chunk } from '../../src/sample/record.ts';
import { chunkOf } from '../sample/samples.ts';

const long = chunkOf(Array.from({ length: 100 }, (_, index) => String(index)));
const empty = { ...chunkOf([], 100), nextOffset: 105 };
const short = { ...chunkOf(['a', 'b'], 105), nextOffset: 110 };

async function* given(...chunks: Chunk[]) {
  yield* chunks;
}

/** First offset, number of records and next offset of each. */
async function shapes(chunks: AsyncIterable<Chunk>, each: (chunk: Chunk) => void = () => {}) {
  const found: (readonly number[])[] = [];
  for await (const chunk of chunks) {
    const { records, nextOffset } = chunk;
    found.push([records.length > 0 ? records.offset(0) : -1, records.length, nextOffset]);
    each(chunk);
  }
  return found;
}

describe('the pace', () => {
  it('allows what takes a twentieth of a second, and never less than one record', () => {
    const pace = createPace();
    pace.note(16, 800);
    expect(pace.recordsMax).toBe(16);
    pace.note(16, 8);
    expect(pace.recordsMax).toBe(100);
    for (let count = 0; count < 20; count++) pace.note(1, 80);
    expect(pace.recordsMax).toBe(1);
    for (let count = 0; count < 40; count++) pace.note(2000, 1);
    expect(pace.recordsMax).toBeGreaterThan(99_000);
    pace.note(0, 500);
    expect(pace.recordsMax).toBeGreaterThan(99_000);
  });
});

describe('chunks at a pace', () => {
  it('come in parts without a gap, as large as the pace allows when they are cut', async () => {
    const pace = createPace();
    let records = 0;
    const found = await shapes(paced(given(long, empty, short), pace), (chunk) => {
      records += chunk.records.length;
      // Beyond 32 records each takes 2.5 ms.
      pace.note(chunk.records.length, (records <= 32 ? 1 : 2.5) * chunk.records.length);
    });
    expect(found).toEqual([
      [0, 16, 16],
      [16, 16, 32],
      [32, 50, 82],
      [82, 18, 100],
      [-1, 0, 105],
      [105, 2, 110],
    ]);
  });

  it('let the event loop turn between two parts', async () => {
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const seen: number[] = [];
    for await (const _ of paced(given(long), createPace())) {
      for (const untilMs = performance.now() + 3; performance.now() < untilMs; );
      seen.push(turns);
    }
    clearInterval(turning);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('end before the next part once the run is told to end', async () => {
    const ending = new AbortController();
    const found = await shapes(paced(given(long, short), createPace(), ending.signal), ({ nextOffset }) => {
      if (nextOffset === 32) ending.abort();
    });
    expect(found).toEqual([
      [0, 16, 16],
      [16, 16, 32],
    ]);
  });
});
