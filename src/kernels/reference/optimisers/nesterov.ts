// Nesterov's momentum: m = μ·m + g; θ −= rate·(g + μ·m). Sutskever et al. (2013), in PyTorch's form.

import { flush } from './flush.ts';

const { fround } = Math;

/** One step; rate and momentum are float32. */
export function nesterovStep(
  parameters: Float32Array,
  gradient: Float32Array,
  moment: Float32Array,
  { rate, momentum }: { readonly rate: number; readonly momentum: number },
): void {
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i];
    const m = flush(fround(fround(momentum * moment[i]) + g));
    moment[i] = m;
    parameters[i] = fround(parameters[i] - fround(rate * fround(g + fround(momentum * m))));
  }
}
