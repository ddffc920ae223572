// One pass over three small sets must score what PyTorch's network of the same shape scores from the same weights: one
// hidden layer of 32 ReLU, the optimisers' defaults, standardised inputs without a clip, no rehearsal.
// Figures: PyTorch 2.5.1, mean of seeds 0, 1, 2, at every rate that leaves learning stable enough for rounding not to show.

import { describe, expect, it } from 'vitest';
import type { GivenLayer, LearnerSpec } from '../../src/learner/spec.ts';
import { meanScores, type PassScores, specFor } from '../bench/defaults-score.ts';
import { readSets, type SampleSet } from '../bench/defaults-sets.ts';

/** MT19937's 32-bit words. Matsumoto & Nishimura, Mersenne Twister (1998), with the seeding of 2002. */
function createTwister(seed: number): () => number {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  let next = 624;
  const turn = (): void => {
    for (let i = 0; i < 624; i++) {
      const joined = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff);
      state[i] = state[(i + 397) % 624] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    next = 0;
  };
  return () => {
    if (next === 624) turn();
    let word = state[next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

/** The weights of torch.nn.Linear layers made after torch.manual_seed(seed): even in ±1/√in, from 24 bits of a word. */
function torchParameters({ inputs, hidden, outputs }: LearnerSpec, seed: number): GivenLayer[] {
  const word = createTwister(seed);
  const sizes = [inputs, ...hidden.map(({ units }) => units), outputs];
  return sizes.slice(1).map((out, l) => {
    const bound = 1 / Math.sqrt(sizes[l]);
    const row = (length: number): number[] =>
      Array.from({ length }, () => ((word() % 16777216) / 16777216) * 2 * bound - bound);
    return { weights: Array.from({ length: out }, () => row(sizes[l])), biases: row(out) };
  });
}

function scoresOf(set: SampleSet, type: 'sgd' | 'adam', learningRate: number): PassScores {
  const optimizer = { type, learningRate };
  const spec = specFor(set, { hidden: 32, clipInputs: false, rehearsal: false, optimizer });
  return meanScores(set, (seed) => ({ ...spec, seed, initialParameters: torchParameters(spec, seed) }), [0, 1, 2]);
}

const { phishing, digits, trumpApproval } = readSets();

describe('scores of PyTorch on classes', () => {
  it.each([
    { set: phishing, type: 'sgd', rate: 0.001, accuracy: 66.27, logLoss: 0.6409 },
    { set: phishing, type: 'sgd', rate: 0.003, accuracy: 77.63, logLoss: 0.5304 },
    { set: phishing, type: 'sgd', rate: 0.01, accuracy: 85.31, logLoss: 0.3684 },
    { set: phishing, type: 'sgd', rate: 0.03, accuracy: 88.37, logLoss: 0.2858 },
    { set: phishing, type: 'sgd', rate: 0.1, accuracy: 88.93, logLoss: 0.2735 },
    { set: phishing, type: 'sgd', rate: 0.3, accuracy: 86.32, logLoss: 0.3633 },
    { set: phishing, type: 'adam', rate: 0.001, accuracy: 85.25, logLoss: 0.3602 },
    { set: phishing, type: 'adam', rate: 0.003, accuracy: 88.43, logLoss: 0.2799 },
    { set: phishing, type: 'adam', rate: 0.01, accuracy: 89.01, logLoss: 0.2648 },
    { set: phishing, type: 'adam', rate: 0.03, accuracy: 87.79, logLoss: 0.3147 },
    { set: digits, type: 'sgd', rate: 0.001, accuracy: 37.75, logLoss: 2.0703 },
    { set: digits, type: 'sgd', rate: 0.003, accuracy: 63.46, logLoss: 1.502 },
    { set: digits, type: 'sgd', rate: 0.01, accuracy: 85.14, logLoss: 0.6863 },
    { set: digits, type: 'sgd', rate: 0.03, accuracy: 91.04, logLoss: 0.4024 },
    { set: digits, type: 'adam', rate: 0.001, accuracy: 87.05, logLoss: 0.6267 },
    { set: digits, type: 'adam', rate: 0.003, accuracy: 92.19, logLoss: 0.3142 },
  ] as const)('$set.name, $type $rate: $accuracy %, log loss $logLoss', ({ set, type, rate, accuracy, logLoss }) => {
    const scores = scoresOf(set, type, rate);

    expect(Math.abs(scores.accuracy - accuracy)).toBeLessThan(0.1);
    expect(Math.abs(scores.logLoss / logLoss - 1)).toBeLessThan(0.005);
  });
});

describe('scores of PyTorch on a standardised regression', () => {
  // PyTorch's MSELoss is (y − p)²: half of it, our squared error, needs twice the rate for the same step of SGD.
  it.each([
    { type: 'sgd', rate: 0.001, rmse: 0.716 },
    { type: 'sgd', rate: 0.003, rmse: 0.523 },
    { type: 'sgd', rate: 0.01, rmse: 0.39 },
    { type: 'sgd', rate: 0.03, rmse: 0.303 },
    { type: 'sgd', rate: 0.1, rmse: 0.525 },
    { type: 'adam', rate: 0.001, rmse: 0.657 },
    { type: 'adam', rate: 0.003, rmse: 0.618 },
    { type: 'adam', rate: 0.01, rmse: 0.625 },
    { type: 'adam', rate: 0.03, rmse: 0.668 },
  ] as const)('trump-approval, $type $rate: RMSE $rmse after row 100', ({ type, rate, rmse }) => {
    const scores = scoresOf(trumpApproval, type, type === 'sgd' ? 2 * rate : rate);

    expect(Math.abs(scores.rmse / rmse - 1)).toBeLessThan(0.005);
  });
});
