import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRunControl } from '../../src/pipeline/control.ts';
import { gated } from '../../src/pipeline/gate.ts';

/** Counts how far it was pulled. */
function numbersUpTo(end: number) {
  const pulled: number[] = [];
  async function* items() {
    for (let number = 0; number < end; number++) {
      pulled.push(number);
      yield number;
    }
  }
  return { pulled, items: items() };
}

const never = new AbortController().signal;

describe('the gate', () => {
  it('passes everything on, in order, and ends with the input', async () => {
    const seen: number[] = [];
    for await (const number of gated(numbersUpTo(5).items, createRunControl(), never)) seen.push(number);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  it('pulls nothing while paused, and goes on where it was', async () => {
    const control = createRunControl();
    const { items, pulled } = numbersUpTo(3);
    const open = gated(items, control, never);
    expect(await open.next()).toEqual({ value: 0, done: false });
    control.pause();
    control.pause();
    const next = open.next();
    await sleep(30);
    expect(pulled).toEqual([0]);
    control.resume();
    expect(await next).toEqual({ value: 1, done: false });
  });

  it('lets a paused run end when it is told to', async () => {
    const control = createRunControl();
    const stop = new AbortController();
    const { items } = numbersUpTo(1);
    control.pause();
    const next = gated(items, control, stop.signal).next();
    stop.abort();
    expect((await next).done).toBe(false);
  });

  it('returns the input when it is left early', async () => {
    const { items, pulled } = numbersUpTo(100);
    for await (const number of gated(items, createRunControl(), never)) if (number === 2) break;
    expect(pulled).toEqual([0, 1, 2]);
    expect((await items.next()).done).toBe(true);
  });
});
