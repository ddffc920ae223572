// Learning again in silence what the journal lists, and holding the outcome to what the journal vouches for.

import { MillraceError } from '../errors.ts';
import type { Fold, Standing } from './fold.ts';
import { createPace, paced } from './paced.ts';
import type { JournalEntry, ReplayInput } from './ports.ts';

/** An entry, and where learning it again has led. */
export interface Replayed {
  readonly entry: JournalEntry;
  readonly standing: Standing;
  /** Whether that is what the journal vouches for. */
  readonly isSame: boolean;
}

/**
 * Learns the entries that there are, one after the other. Throws MillraceError('journal-damaged') where an entry does
 * not follow on the one before, ('replay-differs') where its records are gone.
 */
export async function* replayEntries(fold: Fold, input: ReplayInput): AsyncGenerator<Replayed> {
  const pace = createPace();
  for await (const entry of input.entries()) {
    for (const range of entry.ranges) {
      requireAdjoining(fold, range, entry);
      for await (const chunk of paced(input.chunks(range), pace)) {
        const begunMs = performance.now();
        fold.replay(chunk);
        pace.note(chunk.records.length, performance.now() - begunMs);
      }
      // Where the log has gaps, the last chunk may end before the range does.
      fold.skipTo(range.partition, range.to);
    }
    const standing = fold.standing();
    const { sequence, modelVersion, weightsDigest } = entry;
    const isSame =
      standing.sequence === sequence &&
      standing.modelVersion === modelVersion &&
      standing.weightsDigest === weightsDigest;
    yield { entry, standing, isSame };
  }
}

/**
 * Recovers: learns all entries that there are, and once `signal` aborts none after the one at hand. Throws as
 * `replayEntries` does, and ('replay-differs') at the first entry whose outcome is another.
 */
export async function replay(
  fold: Fold,
  input: ReplayInput,
  signal: AbortSignal,
  onReplayed: (entry: JournalEntry) => void = () => {},
): Promise<void> {
  for await (const replayed of replayEntries(fold, input)) {
    if (!replayed.isSame) throw differs(replayed);
    onReplayed(replayed.entry);
    if (signal.aborted) return;
  }
}

function requireAdjoining(
  fold: Fold,
  { partition, from }: JournalEntry['ranges'][number],
  { offset }: JournalEntry,
): void {
  const at = fold.positions.get(partition);
  if (at === undefined || at === from) return;
  throw new MillraceError(
    'journal-damaged',
    `the journal's entry at offset ${offset} goes on at offset ${from} of partition ${partition}, but the model stands at ${at}`,
  );
}

function differs({ entry, standing }: Replayed): MillraceError {
  const { offset, sequence, modelVersion, weightsDigest } = entry;
  return new MillraceError(
    'replay-differs',
    `learning again up to the journal's entry at offset ${offset} gave model version ${standing.modelVersion}, weights ` +
      `${standing.weightsDigest} after ${standing.sequence} records; the journal says version ${modelVersion}, weights ` +
      `${weightsDigest} after ${sequence}`,
  );
}
