// Checkpoint metadata for the tests that compare and parse them.

import type { CheckpointMeta } from '../../src/checkpoint/checkpoint.ts';

/** The metadata of a small model, as a run would write them. */
export const sampleMeta: CheckpointMeta = {
  createdBy: '0.1.0',
  name: 'fraud',
  origin: 'transactions',
  input: { id: '7d2a6f4e-0f0a-4a36-9d55-6a3d3d1c9b10', partitions: 4 },
  positions: { 0: 12, 3: 40 },
  counts: { learned: 50, scored: 1, rejected: 1, lossSum: 12.5 },
  marks: { predictions: 1234, deadLetters: null, journal: null },
  outputs: { predictions: 'out/predictions.ndjson', deadLetters: null },
  network: '9-32 relu-1 sigmoid',
  schema: ['amount: numeric', 'target is_fraud: binary [0, 1]'],
  features: ['amount'],
  columns: ['amount'],
  fold: { optimizer: { type: 'sgd', learningRate: 0.05 }, seed: 42, rehearsal: null, scale: ['standard'] },
  modelVersion: 50,
  weightsDigest: 'ab'.repeat(32),
  savedAt: '2026-11-03T10:00:00.000Z',
};
