// One contender, a process of its own: `contender.ts NAME RECORDS PLACE`. Makes the predictions, opens the writer, and only
// then writes, with a commit every 100 ms, as a run does it. Prints the processor seconds that writing took as JSON.

import { letHeapGrow } from '../../../src/cli/heap.ts';
import type { Boundary } from '../../../src/pipeline/ports.ts';
import { makePieces } from './pieces.ts';
import type { Place } from './writer.ts';
import { type WriterName, writers } from './writers.ts';

const commitMs = 100;

letHeapGrow();
const [name, records, placeText] = process.argv.slice(2);
const place: Place = JSON.parse(placeText);
const pieces = makePieces(Number(records));
const writer = await writers[name as WriterName](place);
const positions = new Map<number, number>();
let sequence = 0;

function boundary(): Boundary {
  return { sequence, positions: new Map(positions), ranges: [], modelVersion: sequence, weightsDigest: null };
}

const cpuBefore = process.cpuUsage();
let committedMs = performance.now();
for (const piece of pieces) {
  const { partition, length } = piece.predictions;
  await writer.write(piece);
  sequence += length;
  positions.set(partition, (positions.get(partition) ?? 0) + length);
  if (performance.now() - committedMs < commitMs) continue;
  committedMs = performance.now();
  await writer.commit(boundary());
}
await writer.commit(boundary());
const { user, system } = process.cpuUsage(cpuBefore);
await writer.close();
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6 }));
