// The `model` part of the configuration: the network and how it learns. Defaults are part of the product.

import { z } from 'zod';

const rate = (value: number) => z.number().positive().default(value).describe('Learning rate.');
const fraction = (value: number) => z.number().min(0).lt(1).default(value);
const momentum = fraction(0.9).describe('Share of the last step that is kept.');
const epsilon = (value: number) =>
  z.number().positive().default(value).describe('Added to the denominator, against division by 0.');

const optimizer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sgd'), learningRate: rate(0.01) }),
  z.strictObject({ type: z.literal('momentum'), learningRate: rate(0.001), momentum }),
  z.strictObject({ type: z.literal('nesterov'), learningRate: rate(0.001), momentum }),
  z.strictObject({
    type: z.literal('adagrad'),
    learningRate: rate(0.1),
    epsilon: epsilon(1e-10),
    initialAccumulator: z.number().min(0).default(0).describe('Sum of squared gradients to start from.'),
  }),
  z.strictObject({
    type: z.literal('rmsprop'),
    learningRate: rate(0.002),
    alpha: fraction(0.99).describe('Decay of the mean squared gradient.'),
    epsilon: epsilon(1e-8),
  }),
  z.strictObject({ type: z.literal('adam'), ...adamKeys() }),
  z.strictObject({ type: z.literal('adamw'), ...adamKeys() }),
]);

function adamKeys() {
  return {
    learningRate: rate(0.002),
    beta1: fraction(0.9).describe('Decay of the mean gradient.'),
    beta2: fraction(0.999).describe('Decay of the mean squared gradient.'),
    epsilon: epsilon(1e-8),
  };
}

const warmUpSteps = z.int().min(0).default(0).describe('Steps over which the rate rises linearly to its value.');
const schedule = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant'), warmUpSteps }),
  z.strictObject({
    type: z.literal('inverse-scaling'),
    power: z.number().positive().default(0.5).describe('The rate is divided by (1 + step/decaySteps)^power.'),
    decaySteps: z.number().positive().default(1000).describe('Steps after which it is divided by 2^power.'),
    warmUpSteps,
  }),
  z.strictObject({
    type: z.literal('step'),
    factor: z.number().positive().default(0.5).describe('What the rate is multiplied by.'),
    everySteps: z.int().min(1).describe('Steps from one multiplication to the next.'),
    warmUpSteps,
  }),
  z.strictObject({
    type: z.literal('cosine'),
    steps: z.int().min(1).describe('Steps until the rate is at its lowest, where it stays.'),
    minimumRatio: z.number().min(0).max(1).default(0).describe('The lowest rate as a share of the first.'),
    warmUpSteps,
  }),
]);

const units = z.int().min(1).max(65_536).describe('Number of units.');
const hiddenLayer = z.preprocess(
  (value) => (typeof value === 'number' ? { units: value } : value),
  z.strictObject({
    units,
    activation: z
      .enum(['sigmoid', 'tanh', 'relu', 'leaky-relu', 'elu', 'gelu', 'softplus', 'linear'])
      .default('relu')
      .describe('Activation function of its units.'),
    dropout: fraction(0).describe('Chance that a unit is dropped while learning.'),
  }),
);

const initializer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['fan-in', 'xavier', 'he', 'zeros']) }),
  z.strictObject({
    type: z.literal('uniform'),
    low: z.number().describe('Least weight.'),
    high: z.number().describe('Greatest weight.'),
  }),
]);

const givenLayer = z.strictObject({
  weights: z.array(z.array(z.number())).describe('A list for each unit: its weights, in the order of its inputs.'),
  biases: z.array(z.number()).describe('One for each unit.'),
});

const rehearsal = z.strictObject({
  perSample: z.number().min(0).max(1000).default(15).describe('Earlier samples learnt again after each new one.'),
  buffer: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1000)
    .describe('Newest samples that are drawn from, half of the draws from the newest eighth.'),
  until: z.int().min(1).default(10_000).describe('Labelled sample at which the number has tapered to 0.'),
});

export const modelSchema = z
  .strictObject({
    hidden: z
      .preprocess((value) => (typeof value === 'number' ? [value] : value), z.array(hiddenLayer))
      .default([{ units: 32, activation: 'relu', dropout: 0 }])
      .describe('Hidden layers: a number of units, or a list of numbers or layers; [] for none.'),
    outputActivation: z
      .enum(['linear', 'sigmoid', 'softmax'])
      .optional()
      .describe('By target: regression linear, binary sigmoid, multiclass softmax.'),
    loss: z
      .enum(['squared', 'huber', 'cross-entropy'])
      .optional()
      .describe('By target: regression squared, else cross-entropy.'),
    optimizer: optimizer
      .describe('How a gradient becomes a step.')
      .default({ type: 'adam', learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    schedule: schedule
      .describe('How the learning rate changes with the steps.')
      .default({ type: 'constant', warmUpSteps: 0 }),
    l1: z.number().min(0).default(0).describe('Added to the gradient as l1·sign(w).'),
    l2: z.number().min(0).default(0).describe('Added to the gradient as l2·w.'),
    weightDecay: z.number().min(0).default(0).describe('Decoupled: w shrinks by learningRate·weightDecay each step.'),
    decayBiases: z.boolean().default(false).describe('Whether l1, l2 and weightDecay act on biases too.'),
    clipNorm: z.number().positive().optional().describe('Largest Euclidean norm of the whole gradient.'),
    batchSize: z.int().min(1).max(65_536).default(1).describe('Labelled samples for each optimiser step.'),
    batchReduction: z.enum(['mean', 'sum']).default('mean').describe('What a batch does with its gradients.'),
    initializer: initializer
      .default({ type: 'fan-in' })
      .describe(
        'fan-in: weights and biases even in ±1/√in, as PyTorch; xavier, he: biases 0; uniform: from low to high, biases too.',
      ),
    initialParameters: z
      .array(givenLayer)
      .optional()
      .describe('Starting values for every layer instead of random ones.'),
    seed: z.int().min(0).max(4_294_967_295).default(42).describe('Of first weights, dropout and rehearsal.'),
    scale: z.enum(['standard', 'minmax', 'none']).default('standard').describe('Scaling of numeric features.'),
    clipInputs: z
      .union([z.number().positive(), z.literal(false)])
      .default(5)
      .describe('Scaled inputs are clipped to plus or minus this; false for no clip.'),
    standardizeTarget: z
      .boolean()
      .default(true)
      .describe('Regression: learn the target in its own standard deviations.'),
    rehearsal: z
      .union([z.literal(false), rehearsal])
      .default({ perSample: 15, buffer: 1000, until: 10_000 })
      .describe('Learning earlier samples again while there are few; false for none.'),
    classWeights: z.array(z.number().min(0)).optional().describe("Factor on each class's gradient."),
  })
  .superRefine((model, context) => {
    if (model.initializer?.type === 'uniform' && model.initializer.low > model.initializer.high)
      context.addIssue({ code: 'custom', path: ['initializer'], message: 'low is above high' });
  });
