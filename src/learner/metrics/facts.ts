// What the readers (class-facts, error-facts) have in common: they turn predictions and targets into rows of facts, the
// few numbers a sample's scores are made of.

/** Predictions and losses of a block, as the learner's Outcome has them. */
export interface Predictions {
  /** [count × outputs], row-major: probabilities (binary: of class 1), or values in the target's units. */
  readonly outputs: Float32Array;
  /** [count] */
  readonly losses: Float32Array;
}

/** Writes the fact row of each of the first `count` samples named in `picked`. */
export type FactReader = (
  rows: Float64Array,
  predictions: Predictions,
  targets: Float32Array,
  picked: Int32Array,
  count: number,
) => void;
