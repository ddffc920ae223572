// The whole configuration as one zod schema: strict, with a default or a clear error for every key.

import { z } from 'zod';
import { sharedEnds } from './distinct-ends.ts';
import { float32Mistakes } from './float32-mistakes.ts';
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
    include: z
      .array(z.enum(['label', 'loss']))
      .default([])
      .describe('What a prediction holds besides.'),
  })
  .refine(oneWayOut.check, { message: oneWayOut.message });

const checkpoint = z.strictObject({
  dir: z.string().min(1).default('./checkpoints').describe('Folder of the checkpoints, from the working directory.'),
  everySamples: z.int().min(1).default(100_000).describe('Records from one checkpoint to the next.'),
  everyMs: z.int().min(10).default(30_000).describe('Most time from one checkpoint to the next, while records come.'),
  keep: z.int().min(1).default(5).describe('How many of the newest checkpoints are kept.'),
});

const commit = z.strictObject({
  everyMs: z.int().min(1).default(100).describe('Most time from one transaction to the next, while records come.'),
  everyRecords: z.int().min(1).default(20_000).describe('Records after which a transaction ends at the next chunk.'),
  timeoutMs: z
    .int()
    .min(1000)
    .default(60_000)
    .describe('A transaction that is open for longer is aborted by the broker, and this process shut out.'),
});

const journal = z.strictObject({
  topic: z.string().min(1).optional().describe('Topic of one partition, created if missing; NAME-journal by default.'),
});

const http = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.int().min(0).max(65_535).default(9464).describe('0 for any free port.'),
  adminToken: z
    .string()
    .min(16, 'needs at least 16 characters')
    .optional()
    .describe(
      'Turns on the controls at /admin, for whoever sends it; best a reference to a variable or a secret file. Off without.',
    ),
  lastScrapeMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(20_000)
    .describe(
      'How long a run that has failed waits for one more scrape of /metrics, so that the failure is seen; only where it ' +
        'was scraped before, and not on a terminal. Longer than the time between two scrapes; 0: not at all.',
    ),
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
    delivery: z
      .enum(['exactly-once', 'at-least-once'])
      .optional()
      .describe('Left out: exactly-once where inputs and outputs allow it, that is from Kafka to the same Kafka.'),
    producer: z
      .enum(['wire', 'kafkajs'])
      .default('wire')
      .describe(
        'How records are written to Kafka: wire encodes batches itself and is faster, kafkajs goes through that client.',
      ),
    consumer: z
      .enum(['wire', 'kafkajs'])
      .default('wire')
      .describe(
        'How records are read from Kafka: wire reads batches itself and is faster, kafkajs goes through that client.',
      ),
    commit: commit.prefault({}),
    journal: journal.prefault({}),
    checkpoint: z
      .union([z.literal(false), checkpoint])
      .optional()
      .describe('Left out: on for a Kafka source, off for any other.'),
    http: z.union([z.literal(false), http]).prefault({}),
    metrics: metrics.prefault({}),
    learningThread: z
      .boolean()
      .optional()
      .describe(
        'Learns in a thread of its own while the next records are read. Left out: where there are two processors or more.',
      ),
    maxChunksInFlight: z.int().min(1).max(1000).default(16).describe('Chunks between source and commit.'),
  })
  .superRefine((config, context) => {
    const classes = config.schema.target.classes?.length ?? 2;
    const weights = config.model.classWeights;
    if (weights && (config.schema.target.type === 'regression' || weights.length !== classes))
      context.addIssue({ code: 'custom', path: ['model', 'classWeights'], message: 'needs one number for each class' });
    for (const { key, message } of sharedEnds(config)) context.addIssue({ code: 'custom', path: [key], message });
    for (const issue of float32Mistakes(config)) context.addIssue({ code: 'custom', ...issue });
    for (const output of undeliverable(config))
      context.addIssue({ code: 'custom', path: ['delivery'], message: `exactly-once is not possible: ${output}` });
    for (const issue of mismatches(config.schema.target.type, config.model))
      context.addIssue({ code: 'custom', path: ['model', issue.key], message: issue.message });
  });

interface Ends {
  readonly delivery?: string | undefined;
  readonly source: { readonly kafka?: unknown; readonly file?: unknown; readonly synthetic?: unknown };
  readonly predictions?:
    | {
        readonly kafka?: { readonly brokers?: unknown } | undefined;
        readonly file?: { readonly path: string } | undefined;
      }
    | undefined;
  readonly deadLetters?: Ends['predictions'];
}

/** What keeps outputs from being exactly once, in words; none where that was not asked for. */
function undeliverable({ delivery, source, predictions, deadLetters }: Ends): string[] {
  if (delivery !== 'exactly-once') return [];
  const outputs = Object.entries({ predictions, deadLetters });
  return outputs.flatMap(([name, output]) => {
    if (output?.file?.path === '-') return [`${name} go to standard output, which cannot be taken back`];
    if (output?.kafka && !source.kafka) return [`${name} go to Kafka, but the source is not Kafka`];
    if (output?.kafka?.brokers)
      return [`${name}.kafka.brokers names a cluster of its own, and a transaction is within one`];
    return [];
  });
}

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
    found.push({
      key: 'outputActivation',
      message: 'a regression target needs linear; for 0/1 use binary, loss squared',
    });
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
