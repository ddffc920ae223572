// `bench -- stages [--features N]`: what each stage of a sample's way costs by itself, in nanoseconds, without a broker: the
// bytes of a fetch are read, decoded, learnt, counted, encoded and sealed again in this process. Network 10-32-1 (or N-32-1),
// a step for each sample, pieces of 2000 records. Best of the rounds, as the machine may be busy.
// `--kafka [--records N]`: besides, over a broker of its own and 4 partitions, what a record costs to fetch (with reading)
// and to produce (with writing and sealing), of the first thread's processor time and on the clock; what the parts of a
// commit every 100 ms take in a whole run at full speed; and checkpoints of 10-32-1 and 784-128-10. Needs Java and Maven.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { letHeapGrow } from '../../src/cli/heap.ts';
import { createMissingTopics } from '../../src/kafka/produce.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { printFigures } from './run-millrace.ts';
import { checkpointFigures } from './stages/checkpoint.ts';
import { commitFigures } from './stages/commits.ts';
import { partitions } from './stages/delivery.ts';
import { fetchCosts } from './stages/fetch.ts';
import { type Costs, cheapestRound, totalOf } from './stages/in-process.ts';
import { createFetches, pieceRecords } from './stages/parts.ts';
import { packedPredictions, produceCosts } from './stages/produce.ts';
import { fill } from './stream/fill.ts';

const fetches = 20;
const input = 'stages-in';
/** Of the topic: a run takes some ten seconds for it. */
const inputBytes = 600_000_000;

/** What it takes. */
export const options = ['--kafka', '--features N', '--records N'];

/** Runs the bench; some seconds, with a broker about a minute. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const features = numberOption(rest, '--features', 10);
  const records = numberOption(rest, '--records', Math.round(inputBytes / (26 + 7 * features)));
  const fetched = Array.from({ length: fetches }, createFetches(features));
  const costs = cheapestRound(fetched, features);
  const moved = rest.includes('--kafka') ? await overKafka(fetched, costs, { features, records }) : {};
  const { digest, ...perSample } = costs;
  printFigures(json, {
    bench: 'stages',
    features,
    ...Object.fromEntries(Object.entries(perSample).map(([stage, ms]) => [`${stage}Nanos`, nanosOf(ms)])),
    totalNanos: nanosOf(totalOf(costs) - digest),
    digestNanosPerCommit: Math.round((digest / fetches) * 1e6),
    ...moved,
  });
}

/** Nanoseconds a sample of a stage that took so long over all fetches. */
function nanosOf(ms: number): number {
  return Math.round((ms / (fetches * pieceRecords)) * 1e6);
}

/** What needs a broker or a disk. */
async function overKafka(
  fetched: readonly Buffer[],
  { read, write, seal }: Costs,
  { features, records }: { readonly features: number; readonly records: number },
): Promise<Record<string, number>> {
  letHeapGrow();
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-stages-'));
  try {
    const { brokers } = cluster;
    const place = { brokers, input };
    await createMissingTopics({ brokers }, [input], partitions);
    await fill(brokers, input, records, { features });
    const fetch = await fetchCosts(place, records);
    const produce = await produceCosts(place, packedPredictions(fetched, features));
    const commits = await commitFigures(place, features);
    const small = await checkpointFigures(folder, [10, 32, 1]);
    const large = await checkpointFigures(folder, [784, 128, 10]);
    return {
      fetchNanos: Math.round(fetch.cpuNanos),
      fetchWithoutReadNanos: Math.round(fetch.cpuNanos) - nanosOf(read),
      fetchWallNanos: Math.round(fetch.wallNanos),
      produceNanos: Math.round(produce.cpuNanos),
      produceWithoutWriteNanos: Math.round(produce.cpuNanos) - nanosOf(write + seal),
      produceWallNanos: Math.round(produce.wallNanos),
      ...commits,
      ...{ snapshotMs: small.snapshotMs, saveMs: small.saveMs, checkpointBytes: small.bytes },
      ...{ largeSnapshotMs: large.snapshotMs, largeSaveMs: large.saveMs, largeCheckpointBytes: large.bytes },
    };
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
