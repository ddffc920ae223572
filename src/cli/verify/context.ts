// What verifying has to work with, and what it gives.

import type { Config } from '../../config/schema.ts';
import type { Fold } from '../../pipeline/fold.ts';
import type { Source } from '../../pipeline/ports.ts';
import type { RecordFormat } from '../../sample/record-reader.ts';
import type { Recovered } from '../run/model-source.ts';

export interface VerifyContext {
  readonly config: Config;
  /** Open, not claimed. */
  readonly source: Source;
  readonly format: RecordFormat;
  /** The checkpoint to begin with; null: with nothing. */
  readonly start: Recovered | null;
  /** The newest checkpoint; null where there is none. */
  readonly target: Recovered | null;
  readonly signal: AbortSignal;
}

/** A model that was learnt again, as far as the target or the journal's end. */
export interface Relearnt {
  readonly fold: Fold;
  /** Journal entries that were compared; null without a journal. */
  readonly entries: number | null;
  /** The first steps whose weights are not those that the journal vouches for. */
  readonly firstDifference: {
    readonly afterStep: number;
    readonly upToStep: number;
    readonly journalOffset: number;
  } | null;
}
