// The whole configuration as one zod schema: strict, with a default or a clear error for every key.

import { z } from 'zod';
import { modelSchema } from './model-schema.ts';
import { sampleSchema } from './sample-schema.ts';
import { kafkaSink, sourceSchema } from './source-schema.ts';

const fileSink = z.strictObject({
  path: z.string().min(1).describe('File to write, from the working directory; `-` is standard output.'),
});

const oneWayOut = {
  message: 'needs exactly one of kafka, file',
  check: (sink: { kafka?: unknown; file?: unknown }) => (sink.kafka === undefined) !== (sink.file === undefined),
};

const deadLetters = z
  .strictObject({ kafka: kafkaSink.optional(), file: fileSink.optional() })
  .refine(oneWayOut.check, { message: oneWayOut.message });

const predictions = z
  .strictObject({
    kafka: kafkaSink.optional(),
    file: fileSink.optional(),
    include: z.array(z.enum(['label', 'loss'])).default([]).describe('What a prediction holds besides.'),
  })
  .refine(oneWayOut.check, { message: oneWayOut.message });

const checkpoint = z.strictObject({
  dir: z.string().min(1).default('./checkpoints'),
  everySamples: z.int().min(1).default(100_000).describe('Records from one checkpoint to the next.'),
  everyMs: z.int().min(10).default(30_000).describe('Most time from one checkpoint to the next, while records come.'),
  keep: z.int().min(1).default(5).describe('How many of the newest checkpoints are kept.'),
});

const http = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(9464).describe('0 for any free port.'),
});

const metrics = z.strictObject({
  window: z.int().min(1).max(1_000_000).default(1000).describe('Labelled samples in the sliding window.'),
  fading: z.number().gt(0).lt(1).default(0.999).describe('Weight of a sample relative to the next one.'),
});

export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors.'),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'letters, digits, dot, dash and underscore, at most 100')
      .default('millrace')
      .describe('Names the model: checkpoints, consumer group and metrics carry it.'),
    source: sourceSchema,
    schema: sampleSchema,
    model: modelSchema.prefault({}),
    predictions: predictions.optional().describe('Left out: nothing is published.'),
    deadLetters: deadLetters.optional().describe('Left out: rejected records are counted and dropped.'),
    delivery: z.enum(['at-least-once']).default('at-least-once'),
    checkpoint: z
      .union([z.literal(false), checkpoint])
      .optional()
      .describe('Left out: on for a Kafka source, off for any other.'),
    http: z.union([z.literal(false), http]).prefault({}),
    metrics: metrics.prefault({}),
    maxChunksInFlight: z.int().min(1).max(1000).default(4).describe('Chunks between source and commit.'),
  })
  .superRefine((config, context) => {
    const classes = config.schema.target.classes?.length ?? 2;
    const weights = config.model.classWeights;
    if (weights && (config.schema.target.type === 'regression' || weights.length !== classes))
      context.addIssue({ code: 'custom', path: ['model', 'classWeights'], message: 'needs one number for each class' });
    for (const issue of mismatches(config.schema.target.type, config.model))
      context.addIssue({ code: 'custom', path: ['model', issue.key], message: issue.message });
  });

function mismatches(
  target: 'binary' | 'multiclass' | 'regression',
  model: { outputActivation?: string | undefined; loss?: string | undefined },
): { key: string; message: string }[] {
  const activation = model.outputActivation ?? defaultActivation(target);
  const loss = model.loss ?? defaultLoss(target);
  const found: { key: string; message: string }[] = [];
  if (target === 'regression' && loss === 'cross-entropy')
    found.push({ key: 'loss', message: 'cross-entropy needs a binary or multiclass target' });
  if (target !== 'regression' && loss === 'huber')
    found.push({ key: 'loss', message: 'huber needs a regression target' });
  if (activation === 'softmax' && target !== 'multiclass')
    found.push({ key: 'outputActivation', message: 'softmax needs a multiclass target' });
  if (target === 'multiclass' && activation !== 'softmax')
    found.push({ key: 'outputActivation', message: 'a multiclass target needs softmax' });
  if (target === 'binary' && activation === 'linear')
    found.push({ key: 'outputActivation', message: 'a binary target needs sigmoid' });
  if (target === 'regression' && activation === 'sigmoid')
    found.push({ key: 'outputActivation', message: 'a regression target needs linear; for 0/1 use binary, loss squared' });
  if (target === 'multiclass' && loss !== 'cross-entropy')
    found.push({ key: 'loss', message: 'a multiclass target needs cross-entropy' });
  return found;
}

/** The output activation a target gets unless the config says otherwise. */
export function defaultActivation(target: 'binary' | 'multiclass' | 'regression') {
  if (target === 'regression') return 'linear';
  return target === 'binary' ? 'sigmoid' : 'softmax';
}

/** The loss a target gets unless the config says otherwise. */
export function defaultLoss(target: 'binary' | 'multiclass' | 'regression') {
  return target === 'regression' ? 'squared' : 'cross-entropy';
}

export type Config = z.output<typeof configSchema>;
