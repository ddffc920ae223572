// Inverted dropout: a unit is dropped with probability p while learning, kept ones grow by 1/(1 − p); predictions keep all.
// Source: Srivastava et al., Dropout (JMLR 2014), section 10. The numbers are counter-based, so that a replay drops the same.

import { counter } from '../counters.ts';
import { philox, stream } from '../philox.ts';
import type { Machine } from './machine.ts';

const words = new Uint32Array(4);

/** Whether any layer drops units. */
export function dropsUnits(machine: Machine): boolean {
  return machine.spec.hidden.some((layer) => layer.dropout > 0);
}

/** Draws which units the coming learning pass keeps; every four units take one count of the random counter. */
export function drawDropout(machine: Machine): void {
  const { layout, values, counters, spec } = machine;
  for (let l = 0; l < layout.layers.length; l++) {
    const { outputs, dropout } = layout.layers[l];
    if (dropout === 0) continue;
    const keep = values[l].keep;
    const threshold = Math.floor(dropout * 4294967296);
    const scale = Math.fround(1 / (1 - dropout));
    for (let j = 0; j < outputs; j++) {
      if (j % 4 === 0) philox(spec.seed, counters[counter.random]++, stream.learning, words);
      keep[j] = words[j % 4] < threshold ? 0 : scale;
    }
  }
}

/** Keeps every unit again, as predicting does. */
export function keepAllUnits(machine: Machine): void {
  for (const { keep } of machine.values) keep.fill(1);
}
