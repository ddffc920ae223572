// Inverted dropout, as ../reference/dropout.ts; with dropout samples go one at a time, so `keep` is one row.

import { layers, setting, count, setCount, RANDOM } from './program';
import { SEED } from '../program-slots';
import { dropoutOf, keepOf, layerOutputs } from './layers';
import { philox, word0, word1, word2, word3 } from './philox';

/** Draws which units the coming learning pass keeps. */
export function drawDropout(): void {
  const seed = setting(SEED);
  for (let l = 0; l < layers; l++) {
    const p = dropoutOf(l);
    if (p == 0) continue;
    const keep = keepOf(l);
    const threshold = floor<f64>(p * 4294967296);
    const scale = <f32>(1 / (1 - p));
    const n = layerOutputs(l);
    for (let j = 0; j < n; j++) {
      if ((j & 3) == 0) {
        philox(seed, count(RANDOM));
        setCount(RANDOM, count(RANDOM) + 1);
      }
      const word = (j & 3) == 0 ? word0 : (j & 3) == 1 ? word1 : (j & 3) == 2 ? word2 : word3;
      store<f32>(keep + ((<usize>j) << 2), <f64>word < threshold ? 0 : scale);
    }
  }
}

/** Keeps every unit again. */
export function keepAllUnits(): void {
  for (let l = 0; l < layers; l++) {
    const keep = keepOf(l);
    const n = layerOutputs(l);
    for (let j = 0; j < n; j++) store<f32>(keep + ((<usize>j) << 2), 1);
  }
}
