// Heavy ball: m = μ·m + g; θ −= rate·m. Polyak (1964), in PyTorch's form without dampening.

import { flush } from './flush.ts';

const { fround } = Math;

/** One step; rate and momentum are float32. */
export function momentumStep(
  parameters: Float32Array,
  gradient: Float32Array,
  moment: Float32Array,
  { rate, momentum }: { readonly rate: number; readonly momentum: number },
): void {
  for (let i = 0; i < parameters.length; i++) {
    const m = flush(fround(fround(momentum * moment[i]) + gradient[i]));
    moment[i] = m;
    parameters[i] = fround(parameters[i] - fround(rate * m));
  }
}
