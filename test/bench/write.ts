// `bench -- write [--records N] [--rounds N]`: ways of writing predictions exactly once, over a broker of its own, interleaved:
// Millrace's own batches, kafkajs behind the same port, that in a thread, and @platformatic/kafka; what each is set to is said
// in write/. All write the same packed records, made before, to 4 partitions, in transactions of 100 ms with a journal record
// and the input's offsets. Each is a process of its own, and each round begins with another of them. The clock is the
// broker's, from the first prediction in the output to the last, and what read_committed finds is counted. Needs Java, Maven.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createKafkaClient } from '../../src/kafka/client.ts';
import { withPatience } from '../../src/kafka/patience.ts';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { committedOffsets, withAdmin } from '../../src/kafka/topics.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { projectRoot } from '../tooling/source-files.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { rotated } from './rotated.ts';
import { printFigures } from './run-millrace.ts';
import { median } from './statistics.ts';
import { createOutput, rateOf, takeSpan } from './stream/outputs.ts';
import { input, partitions } from './write/pieces.ts';
import type { Place } from './write/writer.ts';
import { type WriterName, writerNames } from './write/writers.ts';

const execute = promisify(execFile);

/** Larger than a run's, for whoever makes objects of records: most runs of both libraries were faster with it. */
const semiSpace = '--max-semi-space-size=64';
const script = join(projectRoot, 'test/bench/write/contender.ts');

/** What it takes. */
export const options = ['--records N', '--rounds N'];

/** Runs the bench; three to four minutes. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const records = numberOption(rest, '--records', 600_000);
  const rounds = numberOption(rest, '--rounds', 3);
  const cluster = await startProcessCluster();
  const rates = new Map<WriterName, number[]>(writerNames.map((name) => [name, []]));
  const cpuSeconds = new Map<WriterName, number[]>(writerNames.map((name) => [name, []]));
  try {
    const { brokers } = cluster;
    await createMissingTopics({ brokers }, [input], partitions);
    for (let round = 0; round < rounds; round++) {
      for (const name of rotated(writerNames, round)) {
        const place = { brokers, name: `${name}-${round}`, output: `${name}-${round}-out` };
        await createOutput(brokers, place.output, partitions);
        await committed(place);
        const cpu = await contend(name, place, records);
        const dealtWith = await committed(place);
        if (dealtWith !== records) throw new Error(`${name}: offsets of ${dealtWith} records are committed`);
        const rate = rateOf(records, await takeSpan(brokers, place.output, records));
        if (!json)
          console.error(`round ${round + 1}: ${name} ${Math.round(rate)} records/s, ${cpu.toFixed(2)} s of processor`);
        rates.get(name)?.push(rate);
        cpuSeconds.get(name)?.push(cpu);
      }
    }
  } finally {
    await cluster.stop();
  }
  const medians = (figures: ReadonlyMap<WriterName, number[]>, rounded: (figure: number) => number) =>
    Object.fromEntries([...figures].map(([name, each]) => [name, rounded(median(each))]));
  printFigures(json, {
    bench: 'write',
    records,
    ...medians(rates, Math.round),
    cpuSecondsPerMillion: medians(cpuSeconds, (seconds) => Number(((seconds * 1e6) / records).toFixed(2))),
  });
}

/** Writes all records through one of the writers; gives the processor seconds of its process. */
async function contend(name: WriterName, place: Place, records: number): Promise<number> {
  const args = [semiSpace, script, name, String(records), JSON.stringify(place)];
  const { stdout } = await execute(process.execPath, args);
  return JSON.parse(stdout).cpuSeconds;
}

/** What the group has committed, as a sum; waits for its coordinator, which a new cluster has yet to load. */
async function committed({ brokers, name }: Place): Promise<number> {
  const offsets = await withPatience(10_000, () =>
    withAdmin(createKafkaClient({ brokers }), { brokers }, (admin) => committedOffsets(admin, name, input)),
  );
  return [...offsets.values()].reduce((sum, offset) => sum + offset, 0);
}
