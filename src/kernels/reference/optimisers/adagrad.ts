// AdaGrad: v += g²; θ −= rate·g/(√v + ε). Duchi, Hazan & Singer (JMLR 2011), diagonal form.

import { flush } from './flush.ts';

const { fround, sqrt } = Math;

/** One step; rate and epsilon are float32. */
export function adagradStep(
  parameters: Float32Array,
  gradient: Float32Array,
  squares: Float32Array,
  { rate, epsilon }: { readonly rate: number; readonly epsilon: number },
): void {
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i];
    const v = flush(fround(squares[i] + fround(g * g)));
    squares[i] = v;
    const divisor = fround(fround(sqrt(v)) + epsilon);
    parameters[i] = fround(parameters[i] - fround(rate * fround(g / divisor)));
  }
}
