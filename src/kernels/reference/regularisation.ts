// What happens to the gradient before the optimiser sees it, in PyTorch's order: L1, clipping by global norm, L2;
// and decoupled weight decay, which shrinks the parameters themselves.

import type { Machine } from './machine.ts';

const { fround } = Math;

/** Runs of the parameters [from, to) that penalties act on: all of them, or the weights without the biases. */
function penalised(machine: Machine): (readonly [from: number, to: number])[] {
  if (machine.spec.regularization.applyTo === 'all') return [[0, machine.parameters.length]];
  return machine.layout.layers.map((layer) => [layer.weights, layer.biases]);
}

/** L1: g += l1·sign(θ), 0 at 0. Tibshirani (1996), as a subgradient. */
export function addL1(machine: Machine): void {
  const { parameters, gradient, spec } = machine;
  const l1 = fround(spec.regularization.l1);
  for (const [from, to] of penalised(machine)) {
    for (let i = from; i < to; i++) {
      const w = parameters[i];
      gradient[i] = fround(gradient[i] + (w > 0 ? l1 : w < 0 ? -l1 : 0));
    }
  }
}

/** Euclidean norm of the whole gradient: squares summed in float64, in four lanes as the dot product. */
export function gradientNorm(gradient: Float32Array): number {
  const lanes = [0, 0, 0, 0];
  for (let i = 0; i < gradient.length; i++) lanes[i % 4] += gradient[i] * gradient[i];
  return Math.sqrt(lanes[0] + lanes[1] + (lanes[2] + lanes[3]));
}

/** Clipping: g *= min(1, clipNorm/(‖g‖ + 1e-6)). Pascanu, Mikolov & Bengio (2013); PyTorch's clip_grad_norm_. */
export function clipGradient(machine: Machine, clipNorm: number): void {
  const { gradient } = machine;
  const scale = clipNorm / (gradientNorm(gradient) + 1e-6);
  if (scale >= 1) return;
  const factor = fround(scale);
  for (let i = 0; i < gradient.length; i++) gradient[i] = fround(gradient[i] * factor);
}

/** L2, coupled: g += l2·θ, into the optimiser's moments like any gradient. Krogh & Hertz (1992). */
export function addL2(machine: Machine): void {
  const { parameters, gradient, spec } = machine;
  const l2 = fround(spec.regularization.l2);
  for (const [from, to] of penalised(machine)) {
    for (let i = from; i < to; i++) gradient[i] = fround(gradient[i] + fround(l2 * parameters[i]));
  }
}

/** Decoupled weight decay: θ *= 1 − rate·weightDecay. Loshchilov & Hutter, AdamW (2019). */
export function decayWeights(machine: Machine, rate: number): void {
  const { parameters, spec } = machine;
  const factor = fround(1 - rate * spec.regularization.weightDecay);
  for (const [from, to] of penalised(machine)) {
    for (let i = from; i < to; i++) parameters[i] = fround(parameters[i] * factor);
  }
}
