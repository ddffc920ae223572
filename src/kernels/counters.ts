// The numbers of the state that are not arrays: one float64 each, in the `counters` region.

/** Indices into the `counters` region (float64), all of it state. */
export const counter = {
  steps: 0,
  labelled: 1,
  gradientCount: 2,
  random: 3,
  refused: 4,
  buffered: 5,
  beta1Power: 6,
  beta2Power: 7,
  attributed: 8,
} as const;

/** Length of the `counters` region. */
export const counterCount = 9;
