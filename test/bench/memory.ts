// `bench -- memory [--records N]`: what the process holds while a synthetic stream of 50 million samples goes through it,
// default rehearsal and checkpoints on.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchOptions, numberOption } from './options.ts';
import { benchRun, printFigures } from './run-millrace.ts';

/** Runs the bench; some minutes. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const records = numberOption(rest, '--records', 50_000_000);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-memory-'));
  try {
    const config = join(folder, 'memory.yaml');
    const lines = [
      'source: { synthetic: { stream: hyperplane, driftEvery: 1000000 } }',
      'schema: { target: { from: label, type: binary } }',
      `checkpoint: { dir: "${join(folder, 'checkpoints')}", everySamples: 1000000 }`,
      'http: false',
    ];
    await writeFile(config, lines.join('\n'));
    const small = await benchRun(config, '--samples', String(Math.ceil(records / 50)), '--set', 'name=first');
    const large = await benchRun(config, '--samples', String(records), '--set', 'name=all');
    printFigures(json, {
      bench: 'memory',
      samples: large.samples,
      samplesPerSecond: Math.round(large.samples / large.liveSeconds),
      rssMaxBytesOfFirst: small.rssMaxBytes,
      rssMaxBytes: large.rssMaxBytes,
      growthRatio: Number((large.rssMaxBytes / small.rssMaxBytes).toFixed(3)),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
