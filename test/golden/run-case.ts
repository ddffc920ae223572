// Runs one golden case through the real learner and compares everything the case tells.

import { createLearner } from '../../src/learner/create-learner.ts';
import type { Learner } from '../../src/learner/learner.ts';
import type { GivenLayer, LearnerSpec } from '../../src/learner/spec.ts';
import type { Block } from '../../src/sample/block.ts';
import type { Comparison } from './compare.ts';
import { compare } from './compare.ts';
import { blockOf } from './golden-block.ts';
import type { GoldenCase, LayerValues } from './golden-case.ts';
import { largestBatch, specOf } from './golden-spec.ts';

/** Float32 tensors of the learner's state, reshaped as a case writes layers; `suffix` as in `.gradient`. */
function layersOf(learner: Learner, spec: LearnerSpec, suffix = ''): LayerValues[] {
  const tensors = new Map(learner.snapshot().map((tensor) => [tensor.name, tensor]));
  const read = (name: string): number[] => {
    const data = tensors.get(name)?.data ?? new Uint8Array();
    return [...new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4)];
  };
  return [...spec.hidden, null].map((_, l) => {
    const weights = read(`layers.${l}.weights${suffix}`);
    const biases = read(`layers.${l}.biases${suffix}`);
    const width = weights.length / biases.length;
    return { weights: biases.map((_bias, i) => weights.slice(i * width, (i + 1) * width)), biases };
  });
}

/** d(data loss)/d(parameter) of a block: the running gradient of a learner whose batch never fills. */
function gradientsOf(spec: LearnerSpec, parameters: readonly GivenLayer[], block: Block): LayerValues[] {
  const probe: LearnerSpec = {
    ...spec,
    initialParameters: parameters,
    batchSize: block.count + 1,
    optimizer: { type: 'sgd', learningRate: 1 },
  };
  const learner = createLearner(probe);
  learner.learn(block);
  return layersOf(learner, probe, '.gradient');
}

/** The same after clipping: what one step of plain descent at a rate of 1024 moved, over that rate. */
function clippedGradientsOf(spec: LearnerSpec, block: Block): LayerValues[] {
  const rate = 1024;
  const learner = createLearner({
    ...spec,
    optimizer: { type: 'sgd', learningRate: rate },
    regularization: { ...spec.regularization, l2: 0, weightDecay: 0 },
  });
  const before = layersOf(learner, spec);
  learner.learn(block);
  const after = layersOf(learner, spec);
  return before.map(({ weights, biases }, l) => ({
    weights: weights.map((row, i) => row.map((w, j) => (w - after[l].weights[i][j]) / rate)),
    biases: biases.map((b, i) => (b - after[l].biases[i]) / rate),
  }));
}

function compareLayers(
  comparison: Comparison,
  name: string,
  values: { got: readonly LayerValues[]; want: readonly LayerValues[]; tolerance: number },
): void {
  const flat = (layers: readonly LayerValues[]): number[][] =>
    layers.flatMap(({ weights, biases }) => [...weights, biases]);
  compare(comparison, name, { got: flat(values.got), want: flat(values.want), tolerance: values.tolerance });
}

/** l1·Σ|w| over what L1 acts on. */
function penaltyOf({ regularization }: LearnerSpec, layers: readonly LayerValues[]): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + Math.abs(value), 0);
  return layers.reduce((total, { weights, biases }) => {
    const all = sum(weights.flat()) + (regularization.applyTo === 'all' ? sum(biases) : 0);
    return total + regularization.l1 * all;
  }, 0);
}

function normOf(
  layers: readonly LayerValues[],
  { l1, applyTo }: LearnerSpec['regularization'],
  at: readonly LayerValues[],
): number {
  let squares = 0;
  layers.forEach(({ weights, biases }, l) => {
    weights.forEach((row, i) => {
      row.forEach((g, j) => {
        squares += (g + l1 * Math.sign(at[l].weights[i][j])) ** 2;
      });
    });
    biases.forEach((g, i) => {
      squares += (g + (applyTo === 'all' ? l1 * Math.sign(at[l].biases[i]) : 0)) ** 2;
    });
  });
  return Math.sqrt(squares);
}

function rowsOf(values: Float32Array, width: number, count: number): number[][] {
  return Array.from({ length: count }, (_, r) => [...values.subarray(r * width, (r + 1) * width)]);
}

/** Tolerances, relative to max(1, |want|): against float64 truth 2e-5, against float32 the README's own. */
function toleranceOf(golden: GoldenCase): number {
  if (golden.mseAtEpoch !== undefined) return golden.dtype === 'float64' ? 2e-5 : 1e-3;
  return golden.dtype === 'float64' ? 2e-5 : 1e-5;
}

function runSteps(golden: GoldenCase, spec: LearnerSpec, learner: Learner, comparison: Comparison): void {
  const tolerance = toleranceOf(golden);
  golden.batches.forEach((batch, s) => {
    const want = golden.steps?.[s];
    const block = blockOf(batch, spec, golden.reduction, spec.batchSize);
    const before = layersOf(learner, spec);
    const { outputs, losses } = learner.learn(block);
    if (want === undefined) return;
    const rows = batch.x.length;
    const loss = losses.subarray(0, rows).reduce((sum, value, r) => sum + value * block.weights[r], 0);
    compare(comparison, `step ${s} outputs`, {
      got: rowsOf(outputs, spec.outputs, rows),
      want: want.outputs,
      tolerance,
    });
    compare(comparison, `step ${s} loss`, { got: loss, want: want.loss, tolerance });
    if (want.penalty !== undefined) {
      compare(comparison, `step ${s} penalty`, { got: penaltyOf(spec, before), want: want.penalty, tolerance });
    }
    if (want.gradNorm === undefined) return;
    const norm = normOf(gradientsOf(spec, before, block), spec.regularization, before);
    compare(comparison, `step ${s} gradNorm`, { got: norm, want: want.gradNorm, tolerance });
    if (want.clipScale === undefined || spec.clipNorm === null) return;
    const scale = Math.min(1, spec.clipNorm / (norm + 1e-6));
    compare(comparison, `step ${s} clipScale`, { got: scale, want: want.clipScale, tolerance });
  });
}

function meanSquaredError(outputs: readonly number[][], targets: readonly number[][]): number {
  const squares = outputs.map((row, r) => row.reduce((sum, value, k) => sum + (value - targets[r][k]) ** 2, 0));
  return squares.reduce((sum, value) => sum + value, 0) / outputs.length;
}

function runEpochs(golden: GoldenCase, spec: LearnerSpec, learner: Learner, comparison: Comparison): void {
  const tolerance = toleranceOf(golden);
  const blocks = golden.batches.map((batch) => blockOf(batch, spec, golden.reduction, spec.batchSize));
  const targets = golden.batches.flatMap(({ y }) => y);
  const wanted = new Map(golden.mseAtEpoch?.map((at) => [at.epoch, at]));
  const predict = (): number[][] =>
    golden.batches.flatMap(({ x }, b) => rowsOf(learner.predict(blocks[b].inputs, x.length), spec.outputs, x.length));
  for (let epoch = 0; epoch < (golden.epochs ?? 1); epoch++) {
    const want = wanted.get(epoch);
    if (want !== undefined) {
      const outputs = predict();
      compare(comparison, `epoch ${epoch} mse`, { got: meanSquaredError(outputs, targets), want: want.mse, tolerance });
      if (want.outputs) compare(comparison, `epoch ${epoch} outputs`, { got: outputs, want: want.outputs, tolerance });
    }
    for (const block of blocks) learner.learn(block);
  }
  const outputs = predict();
  if (golden.finalMse !== undefined) {
    compare(comparison, 'final mse', { got: meanSquaredError(outputs, targets), want: golden.finalMse, tolerance });
  }
  if (golden.finalOutputs) compare(comparison, 'final outputs', { got: outputs, want: golden.finalOutputs, tolerance });
}

/** Runs a case. Throws Unsupported where there is no learner for it. */
export function runCase(golden: GoldenCase): Comparison {
  const spec = specOf(golden);
  const comparison: Comparison = { worst: 0, failures: [] };
  const tolerance = toleranceOf(golden);
  const first = blockOf(golden.batches[0], spec, golden.reduction, largestBatch(golden));
  if (golden.firstGradients) {
    const got = gradientsOf(spec, golden.initial, first);
    compareLayers(comparison, 'first gradients', { got, want: golden.firstGradients, tolerance });
  }
  if (golden.firstGradientsClipped) {
    const got = clippedGradientsOf(spec, first);
    compareLayers(comparison, 'first gradients, clipped', { got, want: golden.firstGradientsClipped, tolerance });
  }
  const learner = createLearner(spec);
  if (golden.epochs === undefined) runSteps(golden, spec, learner, comparison);
  else runEpochs(golden, spec, learner, comparison);
  if (golden.final) {
    compareLayers(comparison, 'final', { got: layersOf(learner, spec), want: golden.final, tolerance });
  }
  return comparison;
}
