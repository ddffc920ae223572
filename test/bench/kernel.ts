// `bench -- kernel`: samples that a kernel predicts, scores and learns in a second, beside the plain TypeScript reference.
// Binary or multiclass cross-entropy, relu, every row labelled, scaler off. Floating-point operations are counted as
// the dense textbook does them (products and sums of forward, backward and update), so skipping a row of zeros counts as
// doing it; peakRatio sets them against multiply-and-adds in registers, measured in the same turns.

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

/** Work that learns one full block of noise with noisy labels, so that no loss ever vanishes and no row of δ dies out. */
function learning(spec: LearnerSpec, kind: Kernel['kind']): Work {
  const kernel = createKernel(spec, { kernel: kind });
  startKernel(kernel, spec, initialParameters(spec, kernel.layout.layers));
  const { block, layout } = kernel;
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
  const rows = spec.rehearsal === null ? Math.min(layout.capacity, kind === 'reference' ? 32 : 256) : 8;
  return () => {
    kernel.learn(rows);
    return rows;
  };
}

/** Products and sums of one sample: 2 a weight forward, 2 for its gradient and step, 2 backward but for the first layer. */
function operations({ network }: BenchCase): number {
  const weights = network.slice(1).map((outputs, l) => outputs * (network[l] + 1));
  return weights.reduce((sum, count, l) => sum + count * (l === 0 ? 4 : 6), 0);
}

const round = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** Runs the bench; about half a minute. */
export async function run({ json }: BenchOptions): Promise<void> {
  const peakLoop = await createPeakLoop();
  if (!json) console.log('network      batch  also          samples/s  reference/s  times  GFLOP/s  of peak');
  for (const each of cases) {
    const spec = benchSpec(each);
    const works = [learning(spec, 'wasm-simd'), learning(spec, 'reference'), peakLoop];
    const [samples, reference, peak] = bestRates(works, 35, 0.008);
    const flops = samples * operations(each) * (1 + (each.rehearsal ?? 0));
    const network = each.network.join('-');
    if (json) {
      const { optimizer, rehearsal, batchSize } = each;
      const figures = {
        samplesPerSecond: Math.round(samples),
        referenceSamplesPerSecond: Math.round(reference),
        gflops: round(flops / 1e9, 4),
        peakRatio: round(flops / peak, 3),
      };
      console.log(JSON.stringify({ bench: 'kernel', network, batchSize, optimizer, rehearsal, ...figures }));
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
