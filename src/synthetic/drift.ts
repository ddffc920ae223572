// Which concept a record of a synthetic stream belongs to.

export interface DriftOptions {
  /** Record numbers at which the concept changes. */
  readonly drifts?: readonly number[] | undefined;
  /** Records from one change to the next, for ever. */
  readonly driftEvery?: number | undefined;
}

/** The number of changes up to and at record `index`: 0 is the first concept. */
export function conceptAt(index: number, { drifts = [], driftEvery }: DriftOptions): number {
  let concept = driftEvery === undefined ? 0 : Math.floor(index / driftEvery);
  for (const drift of drifts) if (drift <= index) concept += 1;
  return concept;
}
