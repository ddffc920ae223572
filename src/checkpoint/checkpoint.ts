// What a checkpoint holds besides arrays: where in the stream it stands, what model it is of, what its outputs hold.

import * as z from 'zod';
import { MillraceError } from '../errors.ts';
import type { Positions } from '../sample/record.ts';

const count = z.int().nonnegative();
const mark = count.nullable();

/** The shape of a checkpoint's metadata. Keys that a later version adds are kept and ignored. */
export const checkpointMetaSchema = z.looseObject({
  /** Version of the package that wrote it. */
  createdBy: z.string(),
  /** The model's name. */
  name: z.string(),
  /** The input that the positions are of: a topic, a path or the name of a synthetic stream. */
  origin: z.string(),
  /** What tells the input from another of the same name; null where the origin says it all. */
  input: z.object({ id: z.string().nullable(), partitions: count }).nullable().default(null),
  /** The next offset of every partition, by partition number. */
  positions: z.record(z.string().regex(/^\d+$/), count),
  /** Records over the model's life, by what became of them; other cumulative figures may stand beside. */
  counts: z.object({ learned: count, scored: count, rejected: count }).catchall(z.number()),
  /** What the checkpoint vouches for in each output, in bytes; null where the carrier keeps no position of ours. */
  marks: z.object({
    predictions: mark,
    deadLetters: mark,
    /** The journal's next entry after this checkpoint; null where no journal is kept. */
    journal: mark.default(null),
  }),
  /** The files that the marks are of, as the configuration named them; null where an output is no file. */
  outputs: z
    .object({ predictions: z.string().nullable(), deadLetters: z.string().nullable() })
    .default({ predictions: null, deadLetters: null }),
  /** The layers in words: `9-32 relu-1 sigmoid`. */
  network: z.string(),
  /** One line for each feature and target, in order: `amount: numeric`, `target is_fraud: binary [0, 1]`. */
  schema: z.array(z.string()),
  /** Names of the features in order: those that were inferred from the first record come back from here. */
  features: z.array(z.string()),
  /** A name for every column of a row of inputs, in order: `amount`, `country=DE`. */
  columns: z.array(z.string()),
  /** Everything else that defines the fold: the learner's spec less what `network` and `schema` tell. */
  fold: z.record(z.string(), z.unknown()),
  /** Optimiser steps so far. */
  modelVersion: count,
  /** SHA-256 of the parameters, hex. */
  weightsDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** When it was saved, ISO 8601. */
  savedAt: z.iso.datetime(),
});

export type CheckpointMeta = z.infer<typeof checkpointMetaSchema>;

/**
 * The metadata of a checkpoint that was loaded. `path` is for the message.
 * Throws MillraceError('checkpoint-damaged') where they are not those that Millrace writes.
 */
export function parseCheckpointMeta(meta: Readonly<Record<string, unknown>>, path: string): CheckpointMeta {
  const parsed = checkpointMetaSchema.safeParse(meta);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path: place, message }) => `${place.join('.')}: ${message}`).join('; ');
  throw new MillraceError(
    'checkpoint-damaged',
    `checkpoint ${path} has metadata that this Millrace does not understand (${mistakes}); start anew with another \`checkpoint.dir\``,
  );
}

/** The positions of a checkpoint, as the pipeline has them. */
export function positionsOf(meta: Pick<CheckpointMeta, 'positions'>): Positions {
  return new Map(Object.entries(meta.positions).map(([partition, offset]) => [Number(partition), offset]));
}

/** Positions as a checkpoint has them, partitions in ascending order. */
export function positionsToMeta(positions: Positions): CheckpointMeta['positions'] {
  return Object.fromEntries([...positions].sort(([a], [b]) => a - b));
}
