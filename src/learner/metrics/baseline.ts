// What the two baselines (prior-baseline, mean-baseline) have in common: they predict each sample from the targets
// before it, then take its target in, as the network does.

/** A predictor that looks at the targets only. `state` is everything it remembers and is owned by it. */
export interface Baseline {
  readonly state: Float64Array;
  /** Writes the fact row of each of the first `count` rows named in `picked`, in order, learning its target after. */
  fill(rows: Float64Array, targets: Float32Array, picked: Int32Array, count: number): void;
}
