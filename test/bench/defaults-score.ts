// One prequential pass over a set, and its scores.

import { learnerSpec } from '../../src/config/resolve.ts';
import { type Config, configSchema } from '../../src/config/schema.ts';
import { createLearner } from '../../src/learner/create-learner.ts';
import type { LearnerSpec } from '../../src/learner/spec.ts';
import { numericFeature } from '../../src/sample/schema.ts';
import type { SampleSet } from './defaults-sets.ts';

/** What a config file may hold under `model`. */
export type ModelOptions = Readonly<Record<string, unknown>>;

export interface PassScores {
  /** Share of right classes, in percent; NaN for a regression. */
  readonly accuracy: number;
  /** Mean of −ln p(true class); NaN for a regression. */
  readonly logLoss: number;
  /** Root of the mean squared error of the rows after the first 100, in the target's units; NaN for classes. */
  readonly rmse: number;
  /** Steps that were refused: above 0 where learning diverged. */
  readonly refused: number;
  readonly seconds: number;
}

/** Rows whose errors do not count for a regression: the first prediction knows nothing, and its error drowns the rest. */
const REGRESSION_FROM = 100;
const PROBABILITY_MIN = 1e-15;

function parse(set: SampleSet, model: ModelOptions): Config {
  const classes = set.target === 'multiclass' ? { classes: Array.from({ length: set.outputs }, (_, k) => k) } : {};
  const from = set.target === 'regression' ? Array.from({ length: set.outputs }, (_, k) => `y${k}`) : 'y';
  return configSchema.parse({
    source: { file: { path: '-' } },
    schema: { target: { type: set.target, from, ...classes } },
    model,
  });
}

/** The learner that a config with this `model` section gives for the columns of a set. */
export function specFor(set: SampleSet, model: ModelOptions): LearnerSpec {
  const config = parse(set, model);
  const features = Array.from({ length: set.inputs }, (_, c) => numericFeature(`x${c}`, config.model.scale));
  const { type, from, classes = [0, 1] } = config.schema.target;
  return learnerSpec(config, {
    features,
    target: { type, from, classes: type === 'regression' ? [] : classes },
    weight: null,
  });
}

/** Log losses and right answers of `outputs` [count × outputs]; binary says 1 from p ≥ 0.5, multiclass the first largest. */
function classScores(set: SampleSet, outputs: Float32Array): { accuracy: number; logLoss: number } {
  const { count, targets } = set.block;
  let right = 0;
  let loss = 0;
  for (let r = 0; r < count; r++) {
    const p = [...outputs.subarray(r * set.outputs, (r + 1) * set.outputs)];
    const byClass = set.target === 'binary' ? [1 - p[0], p[0]] : p;
    const said = set.target === 'binary' ? Number(p[0] >= 0.5) : p.indexOf(Math.max(...p));
    if (said === targets[r]) right++;
    loss -= Math.log(Math.min(1 - PROBABILITY_MIN, Math.max(PROBABILITY_MIN, byClass[targets[r]])));
  }
  return { accuracy: (100 * right) / count, logLoss: loss / count };
}

function rootMeanSquare(set: SampleSet, outputs: Float32Array): number {
  const from = REGRESSION_FROM * set.outputs;
  let squares = 0;
  for (let i = from; i < outputs.length; i++) squares += (outputs[i] - set.block.targets[i]) ** 2;
  return Math.sqrt(squares / (outputs.length - from));
}

/** Predicts, scores and learns a set once, in its order. */
export function scorePass(set: SampleSet, spec: LearnerSpec): PassScores {
  const learner = createLearner(spec);
  const start = performance.now();
  const { outputs } = learner.learn(set.block);
  const seconds = (performance.now() - start) / 1000;
  const scores =
    set.target === 'regression'
      ? { accuracy: Number.NaN, logLoss: Number.NaN, rmse: rootMeanSquare(set, outputs) }
      : { ...classScores(set, outputs), rmse: Number.NaN };
  return { ...scores, refused: learner.refusedSteps, seconds };
}

/** Mean of the scores of one pass for each seed. */
export function meanScores(
  set: SampleSet,
  specOf: (seed: number) => LearnerSpec,
  seeds: readonly number[],
): PassScores {
  const runs = seeds.map((seed) => scorePass(set, specOf(seed)));
  const mean = (key: keyof PassScores): number => runs.reduce((sum, run) => sum + run[key], 0) / runs.length;
  return {
    accuracy: mean('accuracy'),
    logLoss: mean('logLoss'),
    rmse: mean('rmse'),
    refused: mean('refused'),
    seconds: mean('seconds'),
  };
}
