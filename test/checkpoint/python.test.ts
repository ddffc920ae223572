// Checkpoints are read by the reference implementation of safetensors, and what that one writes is read here.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/checkpoint/safetensors-decode.ts';
import { createCheckpointStore } from '../../src/checkpoint/store.ts';
import type { StateTensor } from '../../src/learner/state.ts';
import { temporaryFolder } from './temporary-folder.ts';

const available = spawnSync('python3', ['-c', 'import safetensors.numpy']).status === 0;
if (!available) console.warn('skipped: no python3 with the safetensors package to read checkpoints with');

const readScript = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="numpy") as f:
    tensors = {k: [str(f.get_tensor(k).dtype), f.get_tensor(k).tolist()] for k in f.keys()}
    print(json.dumps({"tensors": tensors, "metadata": f.metadata()}))
`;

const writeScript = `
import sys, numpy
from safetensors.numpy import save_file
save_file({"b": numpy.array([[1, 2], [3, 4]], dtype="int32"), "a": numpy.array([0.5], dtype="float64")}, sys.argv[1], {"x": "y"})
`;

function python(script: string, path: string): string {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

function tensor(name: string, dtype: StateTensor['dtype'], shape: number[], array: ArrayBufferView): StateTensor {
  return { name, dtype, shape, data: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) };
}

describe.skipIf(!available)('checkpoints in Python', () => {
  it('are read by the safetensors package', async () => {
    const store = createCheckpointStore({ dir: temporaryFolder(), name: 'fraud', keep: 1 });
    await store.open();
    const { path } = await store.save({
      sequence: 3,
      tensors: [
        tensor('flags', 'U8', [3], Uint8Array.of(1, 0, 255)),
        tensor('weights', 'F32', [2, 2], Float32Array.of(1, -2, 0.5, 4)),
        tensor('mean', 'F64', [], Float64Array.of(0.1)),
        tensor('empty', 'I32', [0, 4], Int32Array.of()),
      ],
      meta: { name: 'naïve', counts: { learned: 3 } },
    });
    const { tensors, metadata } = JSON.parse(python(readScript, path));
    expect(tensors).toEqual({
      flags: ['uint8', [1, 0, 255]],
      weights: [
        'float32',
        [
          [1, -2],
          [0.5, 4],
        ],
      ],
      mean: ['float64', 0.1],
      empty: ['int32', []],
    });
    expect(metadata).toEqual({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      format: 'millrace-checkpoint/1',
      sequence: '3',
      name: '"naïve"',
      counts: '{"learned":3}',
    });
  });

  it('are decoded by the same rules that the safetensors package writes by', () => {
    const path = join(temporaryFolder(), 'foreign.safetensors');
    python(writeScript, path);
    const { tensors, metadata } = decodeSafetensors(readFileSync(path));
    expect(tensors).toEqual([
      tensor('a', 'F64', [1], Float64Array.of(0.5)),
      tensor('b', 'I32', [2, 2], Int32Array.of(1, 2, 3, 4)),
    ]);
    expect(metadata).toEqual({ x: 'y' });
  });
});
