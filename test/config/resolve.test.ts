import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { learnerSpec, networkName, schemaSpec } from '../../src/config/resolve.ts';
import { refusal } from './files.ts';

const source = { file: { path: 'in.csv' } };
const features = [
  { name: 'amount', min: 0 },
  { name: 'hour', from: 'payment.hour', scale: 'minmax', missing: 'mean' },
  { name: 'country', type: 'categorical', values: ['DE', 'FR'] },
  { name: 'agent', type: 'categorical', buckets: 3 },
  { name: 'flag', type: 'boolean', missing: 'zero' },
];

/** Schema and learner of a configuration, as a run makes them. */
function resolve(model: object, target: object = { type: 'binary' }) {
  const config = checkConfig({ source, schema: { features, target }, model }, 'x');
  const schema = schemaSpec(config);
  return { schema, spec: learnerSpec(config, { ...schema, features: schema.features ?? [] }) };
}

describe('resolving the schema', () => {
  it('spells out what was left out', () => {
    expect(resolve({ scale: 'none' }).schema).toEqual({
      features: [
        { name: 'amount', from: null, missing: 'reject', type: 'numeric', scale: 'none', min: 0, max: null },
        { name: 'hour', from: 'payment.hour', missing: 'mean', type: 'numeric', scale: 'minmax', min: null, max: null },
        { name: 'country', from: null, missing: 'reject', type: 'categorical', values: ['DE', 'FR'], buckets: null },
        { name: 'agent', from: null, missing: 'reject', type: 'categorical', values: null, buckets: 3 },
        { name: 'flag', from: null, missing: 'zero', type: 'boolean' },
      ],
      target: { type: 'binary', from: ['label'], classes: [0, 1] },
      weight: null,
    });
  });

  it('leaves the features to the first record where there are none', () => {
    const config = checkConfig({ source, schema: { target: { type: 'regression', from: ['a', 'b'] } } }, 'x');
    expect(schemaSpec(config)).toEqual({
      features: null,
      target: { type: 'regression', from: ['a', 'b'], classes: [] },
      weight: null,
    });
  });
});

describe('resolving the learner', () => {
  it('has a column for each number, scaled as its feature says', () => {
    expect(resolve({}).spec).toMatchObject({
      inputs: 8,
      outputs: 1,
      scale: ['standard', 'minmax', 'none', 'none', 'none', 'none', 'none', 'none'],
    });
  });

  it.each<[object, object]>([
    [{ type: 'binary' }, { outputs: 1, outputActivation: 'sigmoid', loss: 'cross-entropy', standardizeTarget: false }],
    [
      { type: 'multiclass', classes: [1, 2, 3] },
      { outputs: 3, outputActivation: 'softmax', loss: 'cross-entropy' },
    ],
    [
      { type: 'regression', from: ['a', 'b'] },
      { outputs: 2, outputActivation: 'linear', loss: 'squared', standardizeTarget: true },
    ],
  ])('follows the target %j', (target, expected) => {
    expect(resolve({}, target).spec).toMatchObject(expected);
  });

  it('turns off what the configuration turns off', () => {
    const model = { clipInputs: false, rehearsal: false, standardizeTarget: false };
    expect(resolve(model, { type: 'regression' }).spec).toMatchObject({
      clipInputs: null,
      rehearsal: null,
      standardizeTarget: false,
      clipNorm: null,
      classWeights: null,
      initialParameters: null,
    });
  });

  it('takes the optimiser, schedule and initialiser as they are given', () => {
    const model = {
      optimizer: { type: 'nesterov', learningRate: 0.1, momentum: 0.5 },
      schedule: { type: 'step', factor: 0.1, everySteps: 7, warmUpSteps: 3 },
      initializer: { type: 'uniform', low: -1, high: 2 },
    };
    expect(resolve(model).spec).toMatchObject(model);
  });

  it('lets penalties act on the weights, on biases too only where told', () => {
    const penalties = { l1: 0.1, l2: 0.2, weightDecay: 0.3 };
    expect(resolve(penalties).spec.regularization).toEqual({ ...penalties, applyTo: 'weights' });
    expect(resolve({ ...penalties, decayBiases: true }).spec.regularization.applyTo).toBe('all');
  });

  it('takes given parameters that fit, and shows both sizes where they do not', () => {
    const weights = Array.from({ length: 2 }, () => Array<number>(8).fill(0.5));
    const given = [
      { weights, biases: [0, 0] },
      { weights: [[1, 2]], biases: [3] },
    ];
    expect(resolve({ hidden: 2, initialParameters: given }).spec.initialParameters).toEqual(given);
    const says = (initialParameters: object[]) => refusal(() => resolve({ hidden: 2, initialParameters })).message;
    expect(says(given.slice(1))).toBe(
      'model.initialParameters does not fit the network: it has weights and biases of 1 × 2 and 1, the network needs 2 × 8 and 2; 1 × 2 and 1',
    );
    expect(says([{ weights: [weights[0], [1]], biases: [0, 0] }, given[1]])).toMatch(/does not fit/);
  });

  it('has a name for its network', () => {
    const { spec } = resolve({ hidden: [32, { units: 16, activation: 'tanh' }] });
    expect(networkName(spec)).toBe('8-32 relu-16 tanh-1 sigmoid');
  });
});
