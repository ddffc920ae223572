// The learner of a checkpoint, told by the checkpoint alone: what `fold` keeps of its spec, and the shapes of its arrays.

import * as z from 'zod';
import { MillraceError } from '../errors.ts';
import type { LearnerSpec } from '../learner/spec.ts';
import type { LoadedCheckpoint } from '../pipeline/ports.ts';
import type { CheckpointMeta } from './checkpoint.ts';

const activation = z.enum(['sigmoid', 'tanh', 'relu', 'leaky-relu', 'elu', 'gelu', 'softplus', 'linear']);
const learningRate = z.number();
const warmUpSteps = z.number();

const optimizer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sgd'), learningRate }),
  z.object({ type: z.enum(['momentum', 'nesterov']), learningRate, momentum: z.number() }),
  z.object({ type: z.literal('adagrad'), learningRate, epsilon: z.number(), initialAccumulator: z.number() }),
  z.object({ type: z.literal('rmsprop'), learningRate, alpha: z.number(), epsilon: z.number() }),
  z.object({
    type: z.enum(['adam', 'adamw']),
    ...{ learningRate, beta1: z.number(), beta2: z.number(), epsilon: z.number() },
  }),
]);

const schedule = z.discriminatedUnion('type', [
  z.object({ type: z.literal('constant'), warmUpSteps }),
  z.object({ type: z.literal('inverse-scaling'), power: z.number(), decaySteps: z.number(), warmUpSteps }),
  z.object({ type: z.literal('step'), factor: z.number(), everySteps: z.number(), warmUpSteps }),
  z.object({ type: z.literal('cosine'), steps: z.number(), minimumRatio: z.number(), warmUpSteps }),
]);

const foldSchema = z.object({
  target: z.enum(['regression', 'binary', 'multiclass']),
  hidden: z.array(z.object({ units: z.int(), activation, dropout: z.number() })),
  outputActivation: z.enum(['linear', 'sigmoid', 'softmax']),
  loss: z.enum(['squared', 'huber', 'cross-entropy']),
  optimizer,
  schedule,
  regularization: z.object({
    ...{ l1: z.number(), l2: z.number(), weightDecay: z.number() },
    applyTo: z.enum(['weights', 'all']),
  }),
  clipNorm: z.number().nullable(),
  batchSize: z.int(),
  batchReduction: z.enum(['mean', 'sum']),
  initializer: z.discriminatedUnion('type', [
    z.object({ type: z.enum(['fan-in', 'xavier', 'he', 'zeros']) }),
    z.object({ type: z.literal('uniform'), low: z.number(), high: z.number() }),
  ]),
  seed: z.number(),
  scale: z.array(z.enum(['standard', 'minmax', 'none'])),
  clipInputs: z.number().nullable(),
  standardizeTarget: z.boolean(),
  rehearsal: z.object({ perSample: z.number(), buffer: z.int(), until: z.number() }).nullable(),
  classWeights: z.array(z.number()).nullable(),
  metricsWindow: z.int(),
  metricsFading: z.number(),
});

/**
 * The spec that a checkpoint was learnt with; parameters that were given at the beginning are not kept.
 * Throws MillraceError('checkpoint-damaged') where the metadata do not tell it.
 */
export function learnerSpecOf(meta: CheckpointMeta, { path, tensors }: LoadedCheckpoint): LearnerSpec {
  const parsed = foldSchema.safeParse(meta.fold);
  const output = tensors.find(({ name }) => name === `layers.${parsed.data?.hidden.length}.biases`);
  if (!parsed.success || !output)
    throw new MillraceError('checkpoint-damaged', `checkpoint ${path} does not tell what network it is of`);
  return { ...parsed.data, inputs: parsed.data.scale.length, outputs: output.shape[0], initialParameters: null };
}
