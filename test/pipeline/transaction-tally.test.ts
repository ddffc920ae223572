import { describe, expect, it } from 'vitest';
import { type ErrorCode, MillraceError } from '../../src/errors.ts';
import type { Boundary, Delivery } from '../../src/pipeline/ports.ts';
import { createTransactionCounter } from '../../src/pipeline/transaction-tally.ts';

const boundary: Boundary = { sequence: 1, positions: new Map(), ranges: [], modelVersion: 1, weightsDigest: null };
const outputs = { predictions: [], deadLetters: [] };

/** A delivery whose call of that name fails with a code. */
function failing(call: 'write' | 'commit', code: ErrorCode): Delivery {
  const fail = async () => {
    throw new MillraceError(code, 'as told');
  };
  const marks = { predictions: null, deadLetters: null, journal: 1 };
  return { write: async () => {}, commit: async () => marks, [call]: fail };
}

describe('the transaction counter', () => {
  it('counts those that were committed, and their time from the first write on', async () => {
    const counter = createTransactionCounter();
    const delivery = counter.count({
      write: () => new Promise((resolve) => setTimeout(resolve, 20)),
      commit: async () => ({ predictions: null, deadLetters: null, journal: 1 }),
    });
    await delivery.write(outputs);
    await delivery.write(outputs);
    await delivery.commit(boundary);
    await delivery.commit(boundary);
    expect(counter.results).toEqual({ committed: 2, failed: 0, unknown: 0 });
    expect(counter.time.count).toBe(2);
    expect(counter.time.ms).toBeGreaterThan(35);
  });

  it.each([
    ['write', 'transaction-failed', { committed: 0, failed: 1, unknown: 0 }],
    ['commit', 'fenced', { committed: 0, failed: 1, unknown: 0 }],
    ['commit', 'commit-unknown', { committed: 0, failed: 0, unknown: 1 }],
    ['commit', 'checkpoint-unwritable', { committed: 0, failed: 0, unknown: 0 }],
  ] as const)('a %s that ends in %s counts as %j', async (call, code, results) => {
    const counter = createTransactionCounter();
    const delivery = counter.count(failing(call, code));
    const work = async () => {
      await delivery.write(outputs);
      await delivery.commit(boundary);
    };
    await expect(work()).rejects.toMatchObject({ code });
    expect(counter.results).toEqual(results);
  });
});
