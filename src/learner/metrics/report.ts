// The prequential figures as results, metrics and pages show them.

/** One set of scores; null where undefined (no labelled sample yet, or not of this kind of target). */
export interface Scores {
  /** Labelled samples in the figures (of a fading figure: the sum of the weights). */
  readonly samples: number;
  /** Mean loss: the loss that is minimised, for regression in the target's own units. */
  readonly loss: number | null;
  readonly accuracy: number | null;
  /** Mean −ln p(true class), p clipped to [1e-15, 1 − 1e-15]. */
  readonly logLoss: number | null;
  /** Binary: of class 1. Multiclass: macro average. */
  readonly f1: number | null;
  readonly kappa: number | null;
  /** Binary only. */
  readonly rocAuc: number | null;
  readonly mae: number | null;
  readonly rmse: number | null;
  readonly r2: number | null;
}

/** Cumulative scores at the top level, then the same by window, and those of the learner that learns nothing. */
export interface MetricsReport extends Scores {
  readonly window: Scores & { readonly size: number };
  readonly fading: Scores & { readonly factor: number };
  /** Majority class with the running class frequencies (classification), or running mean (regression). */
  readonly baseline: Scores & { readonly window: Scores; readonly fading: Scores };
}
