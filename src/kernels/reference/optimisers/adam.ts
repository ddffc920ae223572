// Adam: m = β1·m + (1 − β1)g; v = β2·v + (1 − β2)g²; θ −= rate/(1 − β1^t) · m/(√v/√(1 − β2^t) + ε). Kingma & Ba (2015).

import { flush } from './flush.ts';

const { fround, sqrt } = Math;

/** Float32 hyper-parameters of one step: rest = 1 − β, rate already over 1 − β1^t, rootFactor = 1/√(1 − β2^t). */
export interface AdamOptions {
  readonly rate: number;
  readonly beta1: number;
  readonly rest1: number;
  readonly beta2: number;
  readonly rest2: number;
  readonly rootFactor: number;
  readonly epsilon: number;
}

/** One step. */
export function adamStep(
  parameters: Float32Array,
  gradient: Float32Array,
  moments: { readonly first: Float32Array; readonly second: Float32Array },
  { rate, beta1, rest1, beta2, rest2, rootFactor, epsilon }: AdamOptions,
): void {
  const { first, second } = moments;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i];
    const m = flush(fround(fround(beta1 * first[i]) + fround(rest1 * g)));
    const v = flush(fround(fround(beta2 * second[i]) + fround(fround(rest2 * g) * g)));
    first[i] = m;
    second[i] = v;
    const divisor = fround(fround(fround(sqrt(v)) * rootFactor) + epsilon);
    parameters[i] = fround(parameters[i] - fround(rate * fround(m / divisor)));
  }
}
