// What the plain TypeScript reference and the WebAssembly SIMD kernel both are: the whole step over one block of memory.
// Promise: for the same spec and samples both leave the same bits, and n samples in one call or in n calls do too.

import type { Layout } from './layout.ts';

/** Views on a kernel's memory through which a block goes in and its results come out; owned by the kernel. */
export interface KernelBlock {
  /** Raw inputs. [capacity × inputs] */
  readonly inputs: Float32Array;
  /** Labels. [capacity × targets] */
  readonly targets: Float32Array;
  /** 1 where a sample has a label. [capacity] */
  readonly labelled: Uint8Array;
  /** Factor on each sample's gradient. [capacity] */
  readonly weights: Float32Array;
  /** Predictions. [capacity × outputs] */
  readonly outputs: Float32Array;
  /** Losses of labelled samples, else NaN. [capacity] */
  readonly losses: Float32Array;
  /** Optimiser steps taken when each prediction was made. [capacity] */
  readonly versions: Float64Array;
}

/**
 * What another thread needs to learn in a kernel's memory; it goes there by structured clone. Their types are those of a
 * browser's DOM, which programs that import this one may have or not.
 */
export interface KernelShare {
  /** A WebAssembly.Module. */
  readonly module: object;
  /** A WebAssembly.Memory. */
  readonly memory: object;
}

export interface Kernel {
  readonly kind: 'reference' | 'wasm-simd';
  readonly layout: Layout;
  /** The memory that holds the state and all scratch space; it never grows. */
  readonly buffer: ArrayBufferLike;
  readonly block: KernelBlock;
  /** Predicts, scores and learns the first `count` rows of the block, in order; count ≤ layout.capacity. */
  learn(count: number): void;
  /** Predicts the first `count` rows and changes no state. */
  predict(count: number): void;
  /** null where no other thread can learn in its memory. */
  readonly share: KernelShare | null;
  /** Rebuilds what is derived from the state; to be called after the state was written from outside. */
  refresh(): void;
}
