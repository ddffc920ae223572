import { describe, expect, it } from 'vitest';
import { createRecent } from '../../src/pipeline/recent.ts';
import { unpacked } from '../../src/sample/packed-records.ts';
import { chunksOf, foldOf, learnChunk, recordsOf } from './parts.ts';

/** What a fold remembers of 100 records (every tenth broken) in chunks of a size. */
function remembered(size: number, publishes: boolean) {
  const recent = createRecent(7);
  const fold = foldOf({ recent, publishes });
  const published = chunksOf(recordsOf(100), size).flatMap((chunk) => unpacked(learnChunk(fold, chunk).predictions));
  return { recent, published };
}

describe('the newest outputs', () => {
  it.each([1, 3, 10, 64, 100])('are the last predictions, as they were published, in chunks of %i', (size) => {
    const { recent, published } = remembered(size, true);
    const seen = recent.predictions();
    expect(seen.map(({ offset }) => offset)).toEqual([91, 92, 93, 94, 95, 96, 97, 98].slice(-7));
    expect(seen).toHaveLength(7);
    seen.forEach(({ value }, index) => {
      const { loss: _, ...fields } = JSON.parse(value);
      expect(fields).toEqual(JSON.parse(String(published.slice(-7)[index].value)));
    });
  });

  it('are there where nothing is published, too', () => {
    expect(remembered(10, false).recent.predictions()).toEqual(remembered(10, true).recent.predictions());
  });

  it('are the last rejections, with the reason in words', () => {
    const seen = remembered(25, true).recent.rejections();
    expect(seen.map(({ offset }) => offset)).toEqual([39, 49, 59, 69, 79, 89, 99]);
    expect(seen[6]).toMatchObject({ partition: 0, reason: 'malformed', message: expect.stringContaining('not JSON') });
  });
});
