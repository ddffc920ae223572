// The `source` part of the configuration: one way in.

import { z } from 'zod';
import { kafkaSasl, kafkaTls } from './kafka-security-schema.ts';

const brokers = z
  .preprocess(
    (value) => (typeof value === 'string' ? value.split(',') : value),
    z.array(z.string().transform((text) => text.split(','))).min(1),
  )
  .transform((lists) => lists.flat().map((broker) => broker.trim()));

const kafkaConnection = z.strictObject({
  brokers: brokers.describe('Bootstrap brokers, host:port; a string may hold several, separated by commas.'),
  clientId: z.string().min(1).optional().describe('Client id shown by the broker; the name of the run by default.'),
  tls: kafkaTls.optional(),
  sasl: kafkaSasl.optional(),
  retries: z.int().min(0).max(100).default(5).describe('Attempts to reach a broker after the first one failed.'),
});

export const kafkaSource = kafkaConnection.extend({
  topic: z.string().min(1).describe('Topic to read; it must exist.'),
  groupId: z.string().min(1).optional().describe('Consumer group; the name of the run by default.'),
  sessionTimeoutMs: z
    .int()
    .min(1000)
    .default(6000)
    .describe('A standby takes over when the owner was not heard of for so long.'),
  maxBytesPerPartition: z
    .int()
    .min(1024)
    .default(1_048_576)
    .describe(
      'Most bytes of records, decompressed, that one fetch brings from one partition; a batch comes whole even if larger. ' +
        'The wire consumer fetches 16 MiB of all partitions ahead, or 4 times this where that is more; at a batch that would ' +
        'be longer than 256 times this when decompressed the run ends.',
    ),
  format: z
    .enum(['json', 'float32'])
    .default('json')
    .describe('What a record is: a JSON object, or the bare numbers of docs/records.md, which is faster.'),
});

export const kafkaSink = kafkaConnection
  .partial({ brokers: true })
  .extend({ topic: z.string().min(1).describe('Topic to write; it must exist.') });

const fileSource = z.strictObject({
  path: z.string().min(1).describe('File to read, from the working directory; `-` is standard input.'),
  format: z
    .enum(['csv', 'ndjson', 'float32'])
    .optional()
    .describe('By default csv for a path that ends in .csv, else ndjson; float32 is told of in docs/records.md.'),
  epochs: z.int().min(1).default(1).describe('Passes over the file.'),
});

const syntheticSource = z.strictObject({
  stream: z.enum(['xor', 'sea', 'hyperplane', 'friedman']).describe('The generator; docs name its paper.'),
  seed: z.int().min(0).default(1).describe('Another seed, another stream.'),
  noise: z.number().min(0).default(0).describe('Chance of a flipped label; for friedman the sd of Gaussian noise.'),
  drifts: z.array(z.int().min(1)).default([]).describe('Record numbers at which the concept changes.'),
  driftEvery: z.int().min(1).optional().describe('Records from one change of concept to the next, for ever.'),
  samples: z.int().min(1).optional().describe('Length of the stream; endless without.'),
  samplesPerSecond: z
    .number()
    .positive()
    .optional()
    .describe('Pace of an endless run; a run told to end (`--samples`, `--stop-at-end`) goes at full speed.'),
});

export const sourceSchema = z
  .strictObject({
    kafka: kafkaSource.optional(),
    file: fileSource.optional(),
    synthetic: syntheticSource.optional(),
    maxRecordBytes: z
      .int()
      .min(1)
      .default(1_048_576)
      .describe('A longer record goes to the dead letters before it is parsed.'),
  })
  .superRefine((source, context) => {
    const given = (['kafka', 'file', 'synthetic'] as const).filter((way) => source[way] !== undefined);
    if (given.length !== 1)
      context.addIssue({ code: 'custom', message: `needs exactly one of kafka, file, synthetic; has ${given.length}` });
  });

export type KafkaSinkConfig = z.output<typeof kafkaSink>;
