// Reads a source as a run does: claims it, then takes its chunks.

import type { Source } from '../../src/pipeline/ports.ts';
import type { Chunk, Positions } from '../../src/sample/record.ts';

/** The chunks of an open source once it is claimed; none where `signal` aborts before. */
export async function* claimedChunks(
  source: Source,
  from: Positions,
  signal: AbortSignal,
  onStandby: () => void = () => {},
): AsyncGenerator<Chunk, undefined> {
  if (await source.claim(signal, onStandby)) yield* source.chunks(from, signal);
}
