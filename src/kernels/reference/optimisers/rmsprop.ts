// RMSProp: v = α·v + (1 − α)·g²; θ −= rate·g/(√v + ε). Tieleman & Hinton (2012); not centred, no momentum.

import { flush } from './flush.ts';

const { fround, sqrt } = Math;

/** One step; all hyper-parameters are float32, `rest` is 1 − alpha. */
export function rmspropStep(
  parameters: Float32Array,
  gradient: Float32Array,
  squares: Float32Array,
  { rate, alpha, rest, epsilon }: Readonly<Record<'rate' | 'alpha' | 'rest' | 'epsilon', number>>,
): void {
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i];
    const v = flush(fround(fround(alpha * squares[i]) + fround(fround(rest * g) * g)));
    squares[i] = v;
    const divisor = fround(fround(sqrt(v)) + epsilon);
    parameters[i] = fround(parameters[i] - fround(rate * fround(g / divisor)));
  }
}
