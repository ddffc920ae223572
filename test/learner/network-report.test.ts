import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { learnerSpec, schemaSpec } from '../../src/config/resolve.ts';
import { createLearner } from '../../src/learner/create-learner.ts';
import type { Learner } from '../../src/learner/learner.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import { createNoise } from '../kernels/random-spec.ts';

const features = ['a', 'b', 'c'];

/** A learner of three inputs and five hidden units. */
function learnerOf(optimizer: object, more: object = {}): Learner {
  const model = { hidden: [{ units: 5, activation: 'tanh' }], optimizer, rehearsal: false, ...more };
  const config = checkConfig(
    { source: { file: { path: '-' } }, schema: { features, target: { type: 'binary' } }, model },
    'test',
  );
  const schema = createJsonFormat(schemaSpec(config), config.model.scale).known;
  if (!schema) throw new Error('the features are known');
  return createLearner(learnerSpec(config, schema));
}

function learnSome(learner: Learner, count: number): Learner {
  const noise = createNoise(5);
  learner.learn({
    count,
    recordIndex: Int32Array.from({ length: count }, (_, row) => row),
    inputs: Float32Array.from({ length: 3 * count }, noise),
    targets: Float32Array.from({ length: count }, () => (noise() > 0 ? 1 : 0)),
    labelled: new Uint8Array(count).fill(1),
    weights: new Float32Array(count).fill(1),
    rejections: [],
  });
  return learner;
}

/** Euclidean norm of arrays of a snapshot, in float64. */
function normOf(learner: Learner, names: readonly string[], of = (value: number) => value * value): number {
  const tensors = learner.snapshot().filter(({ name }) => names.includes(name));
  const values = tensors.flatMap(({ data }) => [...new Float32Array(data.slice().buffer)]);
  return Math.sqrt(values.reduce((sum, value) => sum + of(value), 0));
}

const layerNames = (layer: number, suffix = '') => [
  `layers.${layer}.weights${suffix}`,
  `layers.${layer}.biases${suffix}`,
];

describe('the report of a network', () => {
  it('tells each layer and the norm of its parameters', () => {
    const learner = learnSome(learnerOf({ type: 'adam' }), 100);
    const { layers } = learner.network();
    expect(
      layers.map(({ inputs, units, activation, parameters }) => ({ inputs, units, activation, parameters })),
    ).toEqual([
      { inputs: 3, units: 5, activation: 'tanh', parameters: 20 },
      { inputs: 5, units: 1, activation: 'sigmoid', parameters: 6 },
    ]);
    layers.forEach(({ norm }, layer) => {
      expect(norm).toBeCloseTo(normOf(learner, layerNames(layer)), 10);
      expect(norm).toBeGreaterThan(0);
    });
  });

  it('tells the rate of the next step, its schedule included', () => {
    const schedule = { type: 'step', factor: 0.5, everySteps: 10 };
    const learner = learnerOf({ type: 'sgd', learningRate: 0.08 }, { schedule });
    expect(learner.network().learningRate).toBe(0.08);
    expect(learnSome(learner, 25).network().learningRate).toBe(0.02);
  });

  it('tells the size of the gradient after one step as it was: adagrad, rmsprop and adam agree', () => {
    const norms = ['adagrad', 'rmsprop', 'adam', 'adamw'].map(
      (type) => learnSome(learnerOf({ type }), 1).network().gradientNorm ?? 0,
    );
    expect(norms[0]).toBeGreaterThan(0);
    for (const norm of norms) expect(norm / norms[0]).toBeCloseTo(1, 4);
    const adagrad = learnSome(learnerOf({ type: 'adagrad' }), 1);
    const squares = [...layerNames(0, '.moment2'), ...layerNames(1, '.moment2')];
    expect(norms[0]).toBeCloseTo(
      normOf(adagrad, squares, (value) => value),
      6,
    );
  });

  it('has no gradient to tell of before the first step, nor where the optimiser keeps none', () => {
    expect(learnerOf({ type: 'adam' }).network().gradientNorm).toBeNull();
    expect(learnSome(learnerOf({ type: 'sgd' }), 10).network().gradientNorm).toBeNull();
  });
});
