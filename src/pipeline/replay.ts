// Learning again in silence what the journal lists, and holding the outcome to what the journal vouches for.

import { MillraceError } from '../errors.ts';
import type { Fold } from './fold.ts';
import type { JournalEntry, ReplayInput } from './ports.ts';

/** Hears of each entry that was learnt again. */
export type OnReplayed = (entry: JournalEntry) => void;

/**
 * Replays the entries there are; once `signal` aborts, none after the one at hand.
 * Throws MillraceError('replay-differs') at the first entry whose outcome is another, ('journal-damaged') where an entry
 * does not follow on the one before; nothing more is learnt then.
 */
export async function replay(
  fold: Fold,
  input: ReplayInput,
  signal: AbortSignal,
  onReplayed: OnReplayed = () => {},
): Promise<void> {
  for await (const entry of input.entries()) {
    for (const range of entry.ranges) {
      requireAdjoining(fold, range, entry);
      for await (const chunk of input.chunks(range)) {
        fold.replay(chunk);
      }
      // Where the log has gaps, the last chunk may end before the range does.
      fold.skipTo(range.partition, range.to);
    }
    requireSame(fold, entry);
    onReplayed(entry);
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

function requireSame(fold: Fold, { offset, sequence, modelVersion, weightsDigest }: JournalEntry): void {
  const got = fold.standing();
  if (got.sequence === sequence && got.modelVersion === modelVersion && got.weightsDigest === weightsDigest) return;
  throw new MillraceError(
    'replay-differs',
    `learning again up to the journal's entry at offset ${offset} gave model version ${got.modelVersion}, weights ` +
      `${got.weightsDigest} after ${got.sequence} records; the journal says version ${modelVersion}, weights ` +
      `${weightsDigest} after ${sequence}`,
  );
}
