// The learner and samples that the fallback is tried on.

import { benchSpec } from '../bench/bench-spec.ts';
import { randomBlock } from './random-spec.ts';

export const fallbackSpec = benchSpec({ network: [7, 9, 3], batchSize: 2, optimizer: 'adam' });
export const fallbackBlock = randomBlock(fallbackSpec, 300, 4);
