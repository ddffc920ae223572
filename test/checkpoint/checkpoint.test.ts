import { describe, expect, it } from 'vitest';
import { parseCheckpointMeta, positionsOf, positionsToMeta } from '../../src/checkpoint/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint-file.ts';
import { sampleMeta as meta } from './sample-meta.ts';

describe('checkpoint metadata', () => {
  it('come back from a file as they were', () => {
    const bytes = encodeCheckpoint({ sequence: 52, tensors: [], meta });
    expect(parseCheckpointMeta(decodeCheckpoint(bytes).meta, 'x')).toEqual(meta);
  });

  it('hold the positions of every partition', () => {
    const positions = new Map([
      [10, 5],
      [2, 0],
    ]);
    expect(positionsOf({ positions: positionsToMeta(positions) })).toEqual(positions);
    expect([...positionsOf(meta)]).toEqual([
      [0, 12],
      [3, 40],
    ]);
  });

  it('of another shape are refused with path and key', () => {
    const { network: _, ...rest } = meta;
    expect(() => parseCheckpointMeta(rest, '/data/f.safetensors')).toThrow(/\/data\/f\.safetensors .*network:/);
    expect(() => parseCheckpointMeta({ ...meta, positions: { 0: -1 } }, 'x')).toThrow(/positions\.0/);
  });
});
