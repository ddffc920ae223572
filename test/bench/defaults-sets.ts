// The data that the defaults are measured on: the sets in config/data, and synthetic streams with and without drift.

import { readFileSync } from 'node:fs';
import type { TargetType } from '../../src/learner/spec.ts';
import type { Block } from '../../src/sample/block.ts';
import { conceptAt } from '../../src/synthetic/drift.ts';
import { createFriedman } from '../../src/synthetic/friedman.ts';
import { MICRO } from '../../src/synthetic/generator.ts';
import { createHyperplane } from '../../src/synthetic/hyperplane.ts';
import { addNoise } from '../../src/synthetic/noise.ts';
import { createDraws } from '../../src/synthetic/random.ts';
import { createSea } from '../../src/synthetic/sea.ts';
import { createXor } from '../../src/synthetic/xor.ts';

/** Samples in their order, and what is to be learnt from them. */
export interface SampleSet {
  readonly name: string;
  readonly target: TargetType;
  readonly inputs: number;
  /** Classes of a multiclass target, values of a regression, else 1. */
  readonly outputs: number;
  readonly block: Block;
}

const generators = { xor: createXor, sea: createSea, hyperplane: createHyperplane, friedman: createFriedman };

export interface StreamOptions {
  readonly stream: keyof typeof generators;
  readonly samples: number;
  readonly noise?: number;
  readonly driftEvery?: number;
}

/** A block of labelled samples from rows of inputs, each with its label as the last number. */
function blockOf(rows: readonly (readonly number[])[]): Block {
  const width = rows[0].length - 1;
  return {
    count: rows.length,
    recordIndex: Int32Array.from(rows, (_, r) => r),
    inputs: Float32Array.from(rows.flatMap((row) => row.slice(0, width))),
    targets: Float32Array.from(rows, (row) => row[width]),
    labelled: new Uint8Array(rows.length).fill(1),
    weights: new Float32Array(rows.length).fill(1),
    rejections: [],
  };
}

/** A set from config/data; the label is the last column. */
export function readSet(name: string, target: TargetType, outputs = 1): SampleSet {
  const text = readFileSync(new URL(`../../config/data/${name}.csv`, import.meta.url), 'utf8');
  const rows = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  return { name, target, inputs: rows[0].length - 1, outputs, block: blockOf(rows) };
}

/** The sets that the tests hold the defaults to. */
export function readSets(): { phishing: SampleSet; digits: SampleSet; trumpApproval: SampleSet } {
  return {
    phishing: readSet('phishing', 'binary'),
    digits: readSet('digits', 'multiclass', 10),
    trumpApproval: readSet('trump-approval', 'regression'),
  };
}

/** A synthetic stream as `source.synthetic` makes it, with seed 1. */
export function makeStream(options: StreamOptions): SampleSet {
  const { stream, samples, noise = 0, driftEvery } = options;
  const generator = generators[stream]({ seed: 1 });
  const draws = createDraws(1, 'record');
  const features = new Int32Array(generator.features);
  const perLabel = generator.target === 'binary' ? 1 : MICRO;
  const rows = Array.from({ length: samples }, (_, index) => {
    draws.seek(index);
    const clean = generator.sample(conceptAt(index, { driftEvery }), draws, features);
    const label = addNoise(clean, noise, generator.target, draws) / perLabel;
    return [...Array.from(features, (micro) => micro / MICRO), label];
  });
  const said = [noise > 0 ? `noise ${noise}` : '', driftEvery === undefined ? '' : `drift every ${driftEvery}`];
  const name = [stream, `${samples / 1000}k`, ...said.filter(Boolean)].join(', ');
  return { name, target: generator.target, inputs: generator.features, outputs: 1, block: blockOf(rows) };
}
