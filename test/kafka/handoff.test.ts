import { describe, expect, it } from 'vitest';
import { createHandoff } from '../../src/kafka/handoff.ts';

describe('handoff', () => {
  it('settles an offer only when its value was taken', async () => {
    const handoff = createHandoff<string>();
    const offer = handoff.offer('a');
    const settled: boolean[] = [];
    void offer.taken.then((taken) => settled.push(taken));
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual([]);
    expect(await handoff.take()).toBe('a');
    expect(await offer.taken).toBe(true);
  });

  it('gives a waiting taker the next offer, and keeps the order of offers', async () => {
    const handoff = createHandoff<number>();
    const waiting = handoff.take();
    expect(await handoff.offer(1).taken).toBe(true);
    expect(await waiting).toBe(1);
    handoff.offer(2);
    handoff.offer(3);
    expect([await handoff.take(), await handoff.take()]).toEqual([2, 3]);
  });

  it('takes a value back, once', async () => {
    const handoff = createHandoff<number>();
    const offer = handoff.offer(1);
    handoff.offer(2);
    expect([offer.withdraw(), offer.withdraw()]).toEqual([true, false]);
    expect(await handoff.take()).toBe(2);
  });

  it('drops what is on offer when it ends', async () => {
    const handoff = createHandoff<number>();
    const offer = handoff.offer(1);
    handoff.end();
    expect(await offer.taken).toBe(false);
    expect(await handoff.take()).toBeNull();
    expect(await handoff.offer(2).taken).toBe(false);
    expect(handoff.ended).toBe(true);
  });

  it('wakes a waiting taker with the failure, and keeps to it', async () => {
    const handoff = createHandoff<number>();
    const waiting = handoff.take();
    handoff.fail(new Error('gone'));
    handoff.end();
    await expect(waiting).rejects.toThrow('gone');
    await expect(handoff.take()).rejects.toThrow('gone');
  });
});
