// `bench -- file [--records N]`: from file to file: NDJSON in and CSV in, NDJSON out, with checkpoints. Network 10-32-1, a
// step for each sample. The best of three turns each, interleaved.

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BenchOptions, numberOption } from './options.ts';
import { benchRun, printFigures } from './run-millrace.ts';
import { createSamples } from './stream/samples.ts';

const turns = 3;
const features = 10;

/** What it takes. */
export const options = ['--records N'];

/** Runs the bench; about half a minute. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const records = numberOption(rest, '--records', 1_000_000);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-file-'));
  try {
    await writeInput(
      join(folder, 'in.ndjson'),
      records,
      (values, label) => `{"features":[${values}],"label":${label}}\n`,
    );
    const header = Array.from({ length: features }, (_, index) => `x${index}`);
    await writeInput(join(folder, 'in.csv'), records, (values, label) => `${values},${label}\n`, `${header},label\n`);
    const rates = { ndjson: 0, csv: 0 };
    let rssMaxBytes = 0;
    for (let turn = 0; turn < turns; turn++) {
      for (const format of ['ndjson', 'csv'] as const) {
        const result = await benchRun(await writeConfig(folder, format, turn));
        rates[format] = Math.max(rates[format], Math.round(result.samples / result.liveSeconds));
        rssMaxBytes = Math.max(rssMaxBytes, result.usage.rssMax);
      }
    }
    printFigures(json, { bench: 'file', samples: records, ...rates, rssMaxBytes });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeInput(
  path: string,
  records: number,
  line: (values: readonly string[], label: number) => string,
  header = '',
): Promise<void> {
  const next = createSamples(features);
  function* lines(): Generator<string> {
    yield header;
    for (let made = 0; made < records; made += 1000) {
      yield Array.from({ length: Math.min(1000, records - made) }, () => {
        const { values, label } = next();
        return line(values, label);
      }).join('');
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}

async function writeConfig(folder: string, format: string, turn: number): Promise<string> {
  const path = join(folder, `${format}-${turn}.yaml`);
  const lines = [
    `name: ${format}-${turn}`,
    `source: { file: { path: "${join(folder, `in.${format}`)}" } }`,
    `predictions: { file: { path: "${join(folder, 'out.ndjson')}" } }`,
    'schema: { target: { from: label, type: binary } }',
    'model: { hidden: 32, optimizer: { type: sgd, learningRate: 0.05 }, rehearsal: false }',
    `checkpoint: { dir: "${join(folder, 'checkpoints')}" }`,
    'http: false',
  ];
  await writeFile(path, lines.join('\n'));
  return path;
}
