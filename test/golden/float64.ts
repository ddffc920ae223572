// The textbook's multi-layer perceptron in float64, batch by batch with plain arrays: a second opinion that shares no code
// with the learner. It fills in what a golden case tells (outputs, losses, gradients, final parameters) for random cases.

import type { GoldenCase, LayerValues } from './golden-case.ts';

type Matrix = readonly (readonly number[])[];
type Optimizer = GoldenCase['optimizer'];

/** erf x by the series without cancellation, e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(2n + 1)!!·2/√π (Abramowitz & Stegun 7.1.6). */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum) && n < 500; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const phi = (z: number): number => 0.5 * (1 + erf(z / Math.SQRT2));

/** f(z) and f'(z) by the names of the format. */
const activations: Readonly<Record<string, readonly [f: (z: number) => number, slope: (z: number) => number]>> = {
  sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  relu: [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0)],
  leaky_relu: [(z) => (z > 0 ? z : 0.01 * z), (z) => (z > 0 ? 1 : 0.01)],
  elu: [(z) => (z > 0 ? z : Math.expm1(z)), (z) => (z > 0 ? 1 : Math.exp(z))],
  gelu: [(z) => z * phi(z), (z) => phi(z) + (z * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI)],
  softplus: [(z) => Math.log1p(Math.exp(z)), sigmoid],
  linear: [(z) => z, () => 1],
};

function softmax(z: readonly number[]): number[] {
  const top = Math.max(...z);
  const powers = z.map((value) => Math.exp(value - top));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

/** Loss of one sample and ∂E/∂z of its output layer. */
function score(loss: string, activation: string, z: readonly number[], y: readonly number[]) {
  const a = activation === 'softmax' ? softmax(z) : z.map(activations[activation][0]);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const errors = a.map((value, k) => value - y[k]);
  if (loss === 'categorical_cross_entropy')
    return { a, loss: -sum(a.map((p, k) => (y[k] === 0 ? 0 : y[k] * Math.log(p)))), delta: errors };
  if (loss === 'binary_cross_entropy') {
    const each = a.map((p, k) => -y[k] * Math.log(p) - (1 - y[k]) * Math.log1p(-p));
    return { a, loss: sum(each), delta: errors };
  }
  const huber = loss === 'huber';
  const value = sum(errors.map((e) => (huber && Math.abs(e) > 1 ? Math.abs(e) - 0.5 : 0.5 * e * e)));
  const slopes = errors.map((e) => (huber ? Math.max(-1, Math.min(1, e)) : e));
  if (activation !== 'softmax')
    return { a, loss: value, delta: slopes.map((s, k) => s * activations[activation][1](z[k])) };
  const mean = sum(slopes.map((s, k) => s * a[k]));
  return { a, loss: value, delta: slopes.map((s, k) => a[k] * (s - mean)) };
}

const zerosLike = (layers: readonly LayerValues[]): LayerValues[] =>
  layers.map(({ weights, biases }) => ({
    weights: weights.map((row) => row.map(() => 0)),
    biases: biases.map(() => 0),
  }));

/** Applies `change` to every number of some equally shaped layers. */
function mapLayers(
  layers: readonly LayerValues[],
  change: (value: number, at: { l: number; i: number; j: number }) => number,
): LayerValues[] {
  return layers.map(({ weights, biases }, l) => ({
    weights: weights.map((row, i) => row.map((value, j) => change(value, { l, i, j }))),
    biases: biases.map((value, i) => change(value, { l, i, j: -1 })),
  }));
}

const at = (layers: readonly LayerValues[], { l, i, j }: { l: number; i: number; j: number }): number =>
  j < 0 ? layers[l].biases[i] : layers[l].weights[i][j];

/** Outputs, reduced loss and gradient of the data loss of a batch. */
function backpropagate(golden: GoldenCase, layers: readonly LayerValues[], batch: { x: Matrix; y: Matrix }) {
  const names = golden.layers.map(({ activation }) => activation);
  const last = layers.length - 1;
  const share = golden.reduction === 'mean' ? 1 / batch.x.length : 1;
  const gradient = zerosLike(layers);
  let loss = 0;
  const outputs = batch.x.map((x, r) => {
    const inputs: number[][] = [[...x]];
    const logits: number[][] = [];
    layers.forEach(({ weights, biases }, l) => {
      const z = weights.map((row, i) => row.reduce((sum, w, j) => sum + w * inputs[l][j], biases[i]));
      logits.push(z);
      if (l < last) inputs.push(z.map(activations[names[l]][0]));
    });
    const scored = score(golden.loss, names[last], logits[last], batch.y[r]);
    loss += scored.loss * share;
    let delta = scored.delta;
    for (let l = last; l >= 0; l--) {
      delta.forEach((d, i) => {
        gradient[l].biases[i] += d * share;
        inputs[l].forEach((a, j) => {
          gradient[l].weights[i][j] += d * a * share;
        });
      });
      if (l === 0) break;
      const above = delta;
      const slope = activations[names[l - 1]][1];
      delta = logits[l - 1].map((z, j) => above.reduce((sum, d, k) => sum + d * layers[l].weights[k][j], 0) * slope(z));
    }
    return scored.a;
  });
  return { outputs, loss, gradient };
}

/** Step t (from 1) of one number with gradient g; m and v are its moments, changed in place. */
function descend(optimizer: Optimizer, g: number, moments: { m: number; v: number }, t: number): number {
  const set = (key: string): number => Number(optimizer[key] ?? 0);
  switch (optimizer.type) {
    case 'sgd':
      moments.m = set('momentum') * moments.m + g;
      return optimizer.lr * (optimizer.nesterov === true ? g + set('momentum') * moments.m : moments.m);
    case 'adagrad':
      moments.v += g * g;
      return (optimizer.lr * g) / (Math.sqrt(moments.v) + set('eps'));
    case 'rmsprop':
      moments.v = set('alpha') * moments.v + (1 - set('alpha')) * g * g;
      return (optimizer.lr * g) / (Math.sqrt(moments.v) + set('eps'));
    default: {
      const [beta1, beta2] = [set('beta1'), set('beta2')];
      moments.m = beta1 * moments.m + (1 - beta1) * g;
      moments.v = beta2 * moments.v + (1 - beta2) * g * g;
      const root = Math.sqrt(moments.v) / Math.sqrt(1 - beta2 ** t);
      return ((optimizer.lr / (1 - beta1 ** t)) * moments.m) / (root + set('eps'));
    }
  }
}

/** The case with everything told that its batches lead to. */
export function trace(golden: GoldenCase): GoldenCase {
  const { l1, weightDecay, weightDecayMode, applyTo, clipNorm, clipEps } = golden.regularization;
  const { optimizer } = golden;
  let layers: LayerValues[] = golden.initial;
  const start = Number(optimizer.initialAccumulator ?? 0);
  const moments = layers.map(({ weights, biases }) => ({
    weights: weights.map((row) => row.map(() => ({ m: 0, v: start }))),
    biases: biases.map(() => ({ m: 0, v: start })),
  }));
  const acts = (j: number): number => (applyTo === 'all' || j >= 0 ? 1 : 0);
  const steps: NonNullable<GoldenCase['steps']> = [];
  let first: Pick<GoldenCase, 'firstGradients' | 'firstGradientsClipped'> = {};
  golden.batches.forEach((batch, s) => {
    const now = layers;
    const { outputs, loss, gradient } = backpropagate(golden, now, batch);
    const sloped = mapLayers(gradient, (g, where) => g + acts(where.j) * l1 * Math.sign(at(now, where)));
    let squares = 0;
    let penalty = 0;
    mapLayers(sloped, (g, where) => {
      squares += g * g;
      penalty += acts(where.j) * l1 * Math.abs(at(now, where));
      return g;
    });
    const gradNorm = Math.sqrt(squares);
    const clipScale = clipNorm === null ? 1 : Math.min(1, clipNorm / (gradNorm + clipEps));
    const clipped = mapLayers(sloped, (g) => g * clipScale);
    steps.push({
      outputs,
      loss,
      ...(l1 > 0 ? { penalty } : {}),
      ...(clipNorm === null ? {} : { gradNorm, clipScale }),
    });
    if (s === 0) first = { firstGradients: gradient, ...(clipNorm === null ? {} : { firstGradientsClipped: clipped }) };
    layers = mapLayers(now, (value, where) => {
      const decay = acts(where.j) * weightDecay;
      const coupled = weightDecayMode === 'coupled';
      const { l, i, j } = where;
      const moment = j < 0 ? moments[l].biases[i] : moments[l].weights[i][j];
      const g = at(clipped, where) + (coupled ? decay * value : 0);
      return value * (coupled ? 1 : 1 - optimizer.lr * decay) - descend(optimizer, g, moment, s + 1);
    });
  });
  return { ...golden, ...first, steps, final: layers };
}
