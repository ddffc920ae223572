// Chooses the kernel: WebAssembly SIMD where the machine takes it, else the reference, which gives the same bits slower.

import type { LearnerSpec } from '../learner/spec.ts';
import type { Kernel } from './kernel.ts';
import { createLayout } from './layout.ts';
import { createReferenceKernel } from './reference/reference-kernel.ts';
import { createWasmKernel } from './wasm/wasm-kernel.ts';

export interface KernelOptions {
  /** `reference` for the plain TypeScript one; the default is the fastest that this machine takes. */
  readonly kernel?: Kernel['kind'];
  /** Hears, once a process, that this machine has no WebAssembly SIMD and learns with the slower reference kernel. */
  readonly onFallback?: (message: string) => void;
}

let fallbackTold = false;

/** Creates a kernel with a zeroed state. */
export function createKernel(spec: LearnerSpec, { kernel = 'wasm-simd', onFallback }: KernelOptions = {}): Kernel {
  const layout = createLayout(spec);
  if (kernel === 'reference') return createReferenceKernel(spec, layout);
  const fast = createWasmKernel(spec, layout);
  if (fast !== null) return fast;
  if (!fallbackTold)
    onFallback?.('this machine has no WebAssembly SIMD: learning with the plain kernel, several times slower');
  fallbackTold = true;
  return createReferenceKernel(spec, layout);
}
