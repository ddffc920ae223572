// Stochastic gradient descent: θ −= rate·g. Robbins & Monro (1951).

const { fround } = Math;

/** One step; rate is a float32. */
export function sgdStep(parameters: Float32Array, gradient: Float32Array, rate: number): void {
  for (let i = 0; i < parameters.length; i++) parameters[i] = fround(parameters[i] - fround(rate * gradient[i]));
}
