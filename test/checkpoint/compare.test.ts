import { describe, expect, it } from 'vitest';
import { checkpointDifferences, compareCheckpoint } from '../../src/checkpoint/compare.ts';
import { errorCatalogue } from '../../src/errors.ts';
import { sampleMeta as meta } from './sample-meta.ts';

describe('comparing a checkpoint with the configuration', () => {
  it('finds nothing where nothing differs', () => {
    expect(compareCheckpoint(meta, structuredClone(meta), 'x')).toBeNull();
    expect(checkpointDifferences(meta, structuredClone(meta))).toEqual([]);
  });

  it('shows both sides of another network, schema and input', () => {
    const expected = {
      ...meta,
      network: '8-16 relu-1 sigmoid',
      schema: ['amount: numeric', 'country: categorical [DE, FR]', 'target is_fraud: binary [0, 1]'],
      origin: 'payments',
    };
    const error = compareCheckpoint(meta, expected, '/data/fraud-000000000000052.safetensors');
    expect(error).toMatchObject({ code: 'checkpoint-mismatch' });
    expect(error?.message).toBe(`checkpoint /data/fraud-000000000000052.safetensors is not of this configuration:
  network:
    checkpoint:    9-32 relu-1 sigmoid
    configuration: 8-16 relu-1 sigmoid
  schema:
    checkpoint:    amount: numeric | target is_fraud: binary [0, 1]
    configuration: amount: numeric | country: categorical [DE, FR] | target is_fraud: binary [0, 1]
  input:
    checkpoint:    transactions
    configuration: payments
${errorCatalogue['checkpoint-mismatch'].remedy}`);
  });

  it('shows of long schemas what differs', () => {
    const features = Array.from({ length: 30 }, (_, index) => `pixel${index}: numeric`);
    const there = { ...meta, schema: features };
    const changed = { ...meta, schema: features.with(17, 'pixel17: boolean') };
    const message = compareCheckpoint(there, changed, 'x')?.message;
    expect(message).toContain('checkpoint:    pixel17: numeric\n    configuration: pixel17: boolean\n');
    expect(compareCheckpoint(there, { ...meta, schema: features.toReversed() }, 'x')?.message).toContain(
      'another order',
    );
    expect(compareCheckpoint(there, { ...meta, schema: ['a: numeric'] }, 'x')?.message).toContain('… 22 more');
  });

  it('refuses what changes the arrays of the state', () => {
    const other = (fold: Record<string, unknown>) => ({ ...meta, fold: { ...meta.fold, ...fold } });
    const adam = compareCheckpoint(meta, other({ optimizer: { type: 'adam', learningRate: 0.05 } }), 'x');
    expect(adam?.message).toContain('optimizer.type:\n    checkpoint:    "sgd"\n    configuration: "adam"');
    expect(compareCheckpoint(meta, other({ scale: ['minmax'] }), 'x')).not.toBeNull();
    expect(compareCheckpoint(meta, other({ rehearsal: { buffer: 100, perSample: 3 } }), 'x')?.message).toContain(
      'rehearsal.buffer:\n    checkpoint:    nothing\n    configuration: 100',
    );
  });

  it('only mentions what may change between two runs', () => {
    const expected = { ...meta, fold: { ...meta.fold, optimizer: { type: 'sgd', learningRate: 0.1 }, seed: 7 } };
    expect(compareCheckpoint(meta, expected, 'x')).toBeNull();
    expect(checkpointDifferences(meta, expected)).toEqual([
      'optimizer.learningRate: 0.05 in the checkpoint, 0.1 in the configuration',
      'seed: 42 in the checkpoint, 7 in the configuration',
    ]);
  });
});
