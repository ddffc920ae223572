import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSyntheticSource, type SyntheticStream } from '../../src/synthetic/synthetic-source.ts';
import { bytesOf, meanOf, samplesOf, sourceOf } from './streams.ts';

const streams: readonly SyntheticStream[] = ['xor', 'sea', 'hyperplane', 'friedman'];

describe('a synthetic stream', () => {
  it.each([
    ['xor', '5247f0c3ae8dcfac'],
    ['sea', 'b6db760744936d78'],
    ['hyperplane', '1d9801368efe9377'],
    ['friedman', '7c3cebff2ed6d87d'],
  ] as const)('%s holds the same bytes on every machine, in every version', async (stream, digest) => {
    const values = await bytesOf({ stream, seed: 7, noise: 0.2, driftEvery: 300 }, 2000);
    expect(createHash('sha256').update(Buffer.concat(values)).digest('hex').slice(0, 16)).toBe(digest);
  });

  it('can be read from any record on, as if all before it had been read', async () => {
    const options = { stream: 'hyperplane', noise: 0.1, driftEvery: 70, drifts: [100] } as const;
    const all = await bytesOf(options, 1500);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1400 }), async (first) => {
        expect(await bytesOf(options, 100, first)).toEqual(all.slice(first, first + 100));
      }),
      { numRuns: 20 },
    );
  });

  it('goes on beyond all that 32 bits can number, without repeating itself', async () => {
    const far = 2 ** 40;
    const [near, away, further] = await Promise.all([0, far, far + 2 ** 32].map((first) => bytesOf({}, 10, first)));
    expect(new Set([...near, ...away, ...further].map(String)).size).toBe(30);
    expect(await bytesOf({}, 5, far + 5)).toEqual(away.slice(5));
  });

  it('is another one for another seed, however large', async () => {
    const seeds = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 52];
    const firsts = await Promise.all(seeds.map(async (seed) => String((await bytesOf({ seed }, 1))[0])));
    expect(new Set(firsts).size).toBe(seeds.length);
  });

  it.each(streams)('%s draws its features evenly', async (stream) => {
    const scale = stream === 'sea' ? 10 : 1;
    const samples = await samplesOf({ stream }, 5000);
    for (const index of samples[0].x.keys()) {
      const values = samples.map(({ x }) => x[index] / scale);
      expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
      expect(meanOf(values)).toBeCloseTo(0.5, 1);
      expect(meanOf(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
    }
  });

  it('may have more features than its concept looks at', async () => {
    const samples = await samplesOf({ stream: 'xor', features: 5 }, 500);
    expect(samples[0].x).toHaveLength(5);
    expect(samples.every(({ x, label }) => label === Number(x[0] >= 0.5 !== x[1] >= 0.5))).toBe(true);
  });

  it('is told apart from every other by its origin, so that none is resumed by mistake', () => {
    const others = [
      {},
      { stream: 'sea' },
      { seed: 2 },
      { noise: 0.1 },
      { drifts: [5] },
      { driftEvery: 5 },
      { features: 3 },
    ] as const;
    expect(new Set(others.map((options) => sourceOf(options).origin)).size).toBe(others.length);
    expect(sourceOf({ samples: 5, samplesPerSecond: 3 }).origin).toBe(sourceOf({}).origin);
    expect(sourceOf({ drifts: [9, 5] }).origin).toBe(sourceOf({ drifts: [5, 9] }).origin);
  });

  it('refuses what it cannot be made of, and a checkpoint past its end', async () => {
    const create = (options: object) => () =>
      createSyntheticSource({ stream: 'friedman', seed: 1, noise: 0, ...options });
    const refused = (message: RegExp) =>
      expect.objectContaining({ code: 'config-invalid', message: expect.stringMatching(message) });
    expect(create({ features: 4 })).toThrow(refused(/features is 4, but the stream friedman needs at least 5/));
    expect(create({ stream: 'sea', noise: 1.5 })).toThrow(refused(/noise is 1.5, but the stream sea takes 0 to 1/));
    expect(create({ noise: Number.NaN })).toThrow(refused(/noise is NaN/));
    await expect(bytesOf({ samples: 10 }, 1, 11)).rejects.toMatchObject({ code: 'source-shrunk' });
    expect(await bytesOf({ samples: 10 }, 1, 10)).toEqual([]);
  });
});
