// A model that scores and does not learn: the state of a learner that has stopped, as one has whose step was refused.

import { counter } from '../kernels/counters.ts';
import type { StateTensor } from './state.ts';

/** The same state, stopped: what restores it predicts and scores every sample, and changes none of its parameters. */
export function freezeState(tensors: readonly StateTensor[]): StateTensor[] {
  return tensors.map((tensor) => {
    if (tensor.name !== 'counters') return tensor;
    const counters = new Float64Array(tensor.data.slice().buffer);
    counters[counter.refused] = 1;
    return { ...tensor, data: new Uint8Array(counters.buffer) };
  });
}
