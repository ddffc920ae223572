// How far a replay has come, for whoever watches.

export interface ReplayProgress {
  /** Records learnt again so far, and how many the journal lists, as far as it is known. */
  done: number;
  total: number;
}

/** Nothing replayed yet. */
export function createReplayProgress(): ReplayProgress {
  return { done: 0, total: 0 };
}
