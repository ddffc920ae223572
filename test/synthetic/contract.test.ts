import type { Source } from '../../src/pipeline/ports.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import { createSyntheticSource, type SyntheticStream } from '../../src/synthetic/synthetic-source.ts';
import { describeSourceContract } from '../contract/source.ts';

const streams: readonly SyntheticStream[] = ['xor', 'sea', 'hyperplane', 'friedman'];

function create(stream: SyntheticStream, samples?: number, samplesPerSecond?: number): Source {
  return createSyntheticSource({
    stream,
    seed: 3,
    noise: 0.1,
    driftEvery: 700,
    drifts: [10],
    samples,
    samplesPerSecond,
  });
}

async function valuesOf(source: Source): Promise<string[]> {
  const values: string[] = [];
  for await (const { records } of source.chunks(new Map(), new AbortController().signal)) {
    for (const { value } of recordList(records)) values.push(String(value));
  }
  return values;
}

for (const stream of streams) {
  const makeHarness = async () => ({
    expected: [(await valuesOf(create(stream, 3000))).slice(0, 2500)],
    create: () => create(stream, 2500),
    resumeEvery: 97,
    createUnending: () => create(stream),
  });
  describeSourceContract(`synthetic, ${stream}`, makeHarness, { canFailToOpen: false });
}

const makePaced = async () => ({
  expected: [await valuesOf(create('sea', 500))],
  create: () => create('sea', 500, 10_000),
  resumeEvery: 250,
  createUnending: () => create('sea', undefined, 0.01),
});
describeSourceContract('synthetic at a pace', makePaced, { canFailToOpen: false });
