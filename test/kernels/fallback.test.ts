// A machine without WebAssembly SIMD, for real: a process whose engine lacks it learns the same weights with the reference
// kernel, and says so once.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/kernels/create-kernel.ts';
import { createLearner } from '../../src/learner/create-learner.ts';
import { fallbackBlock, fallbackSpec } from './fallback-case.ts';

const run = promisify(execFile);
const child = new URL('./fallback-child.ts', import.meta.url).pathname;

interface Told {
  readonly messages: readonly string[];
  readonly digest: string;
}

async function tell(flags: readonly string[], argument = ''): Promise<Told> {
  const { stdout } = await run(process.execPath, [...flags, child, argument]);
  const told: Told = JSON.parse(stdout);
  return told;
}

function digestHere(): string {
  const learner = createLearner(fallbackSpec, { kernel: 'wasm-simd' });
  learner.learn(fallbackBlock);
  return learner.weightsDigest();
}

/** Ways to be without, by name: the engine of an old x86 processor, one that rejects the module, one without WebAssembly. */
const ways: [name: string, flags: string[], argument: string][] = [
  ['an engine that takes no such module', ['--import', 'data:text/javascript,WebAssembly.validate = () => false'], ''],
  ['an engine without WebAssembly', [], 'none'],
];
if (process.arch === 'x64') ways.push(['a processor without SSE 4.1', ['--no-enable-sse4-1'], '']);

describe('without WebAssembly SIMD', () => {
  it.each(ways)('%s learns the same weights and says once that it is slow', async (_name, flags, argument) => {
    const { messages, digest } = await tell(flags, argument);
    expect(messages).toEqual([
      'this machine has no WebAssembly SIMD: learning with the plain kernel, several times slower',
    ]);
    expect(digest).toBe(digestHere());
  });
});

describe('with WebAssembly SIMD', () => {
  it('says nothing', async () => {
    expect(await tell([])).toEqual({ messages: [], digest: digestHere() });
  });

  it('takes the kernel that is asked for', () => {
    expect(createKernel(fallbackSpec).kind).toBe('wasm-simd');
    expect(createKernel(fallbackSpec, { kernel: 'reference' }).kind).toBe('reference');
  });
});
