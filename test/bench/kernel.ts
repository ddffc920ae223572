// `bench -- kernel`: samples that a kernel predicts, scores and learns in a second, beside the plain TypeScript reference.
// Binary or multiclass cross-entropy, relu, every row labelled, scaler off. Floating-point operations are the products and
// sums that a sample needs: all weights forward, and those of units with δ ≠ 0 backward and for the step; peakRatio sets
// them against multiply-and-adds in registers, measured in the same turns.

import { createKernel } from '../../src/kernels/create-kernel.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import { startKernel } from '../../src/kernels/start.ts';
import { initialParameters } from '../../src/learner/initialise.ts';
import type { LearnerSpec } from '../../src/learner/spec.ts';
import { createNoise } from '../kernels/random-spec.ts';
import { type BenchCase, benchSpec } from './bench-spec.ts';
import { bestRates, type Work } from './best-rate.ts';
import type { BenchOptions } from './options.ts';
import { createPeakLoop } from './peak.ts';

const networks: BenchCase['network'][] = [
  [10, 32, 1],
  [32, 64, 32, 1],
  [784, 128, 10],
];
const cases: BenchCase[] = [
  ...networks.flatMap((network) => [1, 32].map((batchSize) => ({ network, batchSize }))),
  ...networks.map((network) => ({ network, batchSize: 1, optimizer: 'adam' as const })),
  ...networks.map((network) => ({ network, batchSize: 1, rehearsal: 15 })),
];

/** A kernel whose block is noise with noisy labels, so that no loss ever vanishes and no row of δ dies out. */
function openNoisy(spec: LearnerSpec, kind: Kernel['kind']): Kernel {
  const kernel = createKernel(spec, { kernel: kind });
  startKernel(kernel, spec, initialParameters(spec, kernel.layout.layers));
  const { block } = kernel;
  const noise = createNoise(1);
  const classes = Math.max(2, spec.outputs);
  block.inputs.forEach((_, i) => {
    block.inputs[i] = (noise() - 0.5) * 2;
  });
  block.targets.forEach((_, r) => {
    block.targets[r] = Math.floor(noise() * classes);
  });
  block.labelled.fill(1);
  block.weights.fill(1);
  return kernel;
}

/** Work that learns the first rows of the kernel's block. */
function learning(kernel: Kernel, spec: LearnerSpec): Work {
  const most = Math.min(kernel.layout.capacity, kernel.kind === 'reference' ? 32 : 256);
  const rows = spec.rehearsal === null ? most : 8;
  return () => {
    kernel.learn(rows);
    return rows;
  };
}

/** By layer, the share of units with δ ≠ 0: all of the output's, and hidden relu units above 0; over 64 rows of the block. */
function activeShares({ layout, block, buffer }: Kernel): number[] {
  const { parameters } = layout.regions;
  const floats = new Float32Array(buffer, parameters.offset, parameters.length);
  const rows = 64;
  const shares = layout.layers.map(() => 0);
  for (let r = 0; r < rows; r++) {
    let below = [...block.inputs.subarray(r * layout.inputs, (r + 1) * layout.inputs)];
    layout.layers.forEach(({ inputs, outputs, stride, weights, biases }, l) => {
      below = Array.from({ length: outputs }, (_, i) => {
        let z = floats[biases + i];
        for (let j = 0; j < inputs; j++) z += floats[weights + i * stride + j] * below[j];
        if (z > 0 || l === layout.layers.length - 1) shares[l] += 1 / (rows * outputs);
        return Math.max(0, z);
      });
    });
  }
  return shares;
}

/** Products and sums of one sample: 2 a weight forward, 2 for its gradient or step, 2 backward but for the first layer. */
function operations(kernel: Kernel): number {
  const shares = activeShares(kernel);
  return kernel.layout.layers.reduce((sum, { inputs, outputs }, l) => {
    return sum + outputs * (inputs + 1) * (2 + (l === 0 ? 2 : 4) * shares[l]);
  }, 0);
}

const round = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** Runs the bench; about half a minute. */
export async function run({ json }: BenchOptions): Promise<void> {
  const peakLoop = await createPeakLoop();
  if (!json) console.log('network      batch  also          samples/s  reference/s  times  GFLOP/s  of peak');
  for (const each of cases) {
    const spec = benchSpec(each);
    const fast = openNoisy(spec, 'wasm-simd');
    const works = [learning(fast, spec), learning(openNoisy(spec, 'reference'), spec), peakLoop];
    const [samples, reference, peak] = bestRates(works, 30, 0.008);
    const flops = samples * operations(fast) * (1 + (each.rehearsal ?? 0));
    const network = each.network.join('-');
    if (json) {
      const { optimizer, rehearsal, batchSize } = each;
      const bench = ['kernel', ...(optimizer ? [optimizer] : []), ...(rehearsal ? ['rehearsal'] : [])].join('-');
      const figures = {
        samplesPerSecond: Math.round(samples),
        referenceSamplesPerSecond: Math.round(reference),
        gflops: round(flops / 1e9, 4),
        peakRatio: round(flops / peak, 3),
      };
      console.log(JSON.stringify({ bench, network, batchSize, rehearsal, ...figures }));
      continue;
    }
    const also = each.optimizer ?? (each.rehearsal === undefined ? '' : `rehearsal ${each.rehearsal}`);
    const columns = [
      network.padEnd(12),
      String(each.batchSize).padStart(5),
      ` ${also.padEnd(12)}`,
      Math.round(samples).toLocaleString('en').padStart(10),
      Math.round(reference).toLocaleString('en').padStart(12),
      (samples / reference).toFixed(1).padStart(6),
      (flops / 1e9).toFixed(2).padStart(8),
      `${((100 * flops) / peak).toFixed(0)} %`.padStart(8),
    ];
    console.log(columns.join(' '));
  }
}
