// The kernel in WebAssembly SIMD: the same bits as the reference, several times as fast. The module is compiled from
// assembly/ by `npm run build:kernels` and carried as base64, so that loading it reads no file.

import { MillraceError } from '../../errors.ts';
import type { LearnerSpec } from '../../learner/spec.ts';
import { createBlock } from '../block.ts';
import { wasmBase64 } from '../generated/wasm-module.ts';
import type { Kernel, KernelShare } from '../kernel.ts';
import type { Layout } from '../layout.ts';
import './webassembly.ts';
import { writeProgram } from './write-program.ts';

const pageBytes = 65536;

/** The functions of assembly/index.ts. */
interface KernelExports {
  configure(program: number): void;
  learn(count: number): void;
  predict(count: number): void;
  refresh(): void;
}

function isKernelExports(exports: object): exports is KernelExports {
  return ['configure', 'learn', 'predict', 'refresh'].every(
    (name) => name in exports && typeof Reflect.get(exports, name) === 'function',
  );
}

let compiled: WebAssembly.Module | null = null;

/** The compiled module; null where this machine's engine does not take it (no SIMD, or no WebAssembly). */
function compile(): WebAssembly.Module | null {
  if (compiled !== null) return compiled;
  // `node --jitless` has no WebAssembly at all.
  if (typeof WebAssembly === 'undefined') return null;
  const bytes = Uint8Array.from(atob(wasmBase64), (character) => character.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return null;
  compiled = new WebAssembly.Module(bytes);
  return compiled;
}

/** Memory for a kernel. Throws MillraceError('config-invalid') where there is not so much of it. */
function allocate(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    const need = `the network needs ${((pages * pageBytes) / 2 ** 30).toFixed(1)} GiB of memory, with its optimiser and rehearsal`;
    const limit = 'a kernel has 4 GiB at most, and no more than the machine gives';
    const remedy = 'give `model.hidden` fewer units, or the schema fewer inputs';
    throw new MillraceError('config-invalid', `${need}; ${limit}: ${remedy}`, { cause: error });
  }
}

/** Creates the WebAssembly kernel with a zeroed state; null where this machine has no WebAssembly SIMD. */
export function createWasmKernel(spec: LearnerSpec, layout: Layout): Kernel | null {
  const module = compile();
  if (module === null) return null;
  const pages = Math.ceil(layout.bytes / pageBytes);
  const memory = allocate(pages);
  writeProgram(memory.buffer, spec, layout);
  return attachWasmKernel({ module, memory }, layout);
}

/**
 * The kernel in a memory that another one has, in this thread or another. Only one of them may be at work at a time, and
 * one that has not learnt what the memory holds is to be told by `refresh`.
 */
export function attachWasmKernel(share: KernelShare, layout: Layout): Kernel {
  const { module, memory } = share;
  if (!(module instanceof WebAssembly.Module && memory instanceof WebAssembly.Memory))
    throw new TypeError('what is shared is no module and its memory');
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  if (!isKernelExports(exports)) throw new TypeError('the kernel module lacks its functions; npm run build:kernels');
  exports.configure(layout.regions.program.offset);
  return {
    kind: 'wasm-simd',
    layout,
    buffer: memory.buffer,
    block: createBlock(memory.buffer, layout),
    share,
    learn: exports.learn,
    predict: exports.predict,
    refresh: exports.refresh,
  };
}
