// `bench -- defaults`: how the default model scores, and how it would with something else in its place. One pass over each
// set, mean of seeds 0, 1, 2. `worse` is the geometric mean, over the sets, of a candidate's score to the best of all
// candidates there, for errors and log losses alike. About three minutes.

import { candidates } from './defaults-candidates.ts';
import { meanScores, type PassScores, specFor } from './defaults-score.ts';
import { makeStream, readSets, type SampleSet } from './defaults-sets.ts';
import type { BenchOptions } from './options.ts';

const seeds = [0, 1, 2];

/** Ratios above this count as this: a set on which learning fails must not hide the others. */
const WORSE_MAX = 20;

function allSets(): SampleSet[] {
  const { phishing, digits, trumpApproval } = readSets();
  return [
    phishing,
    digits,
    trumpApproval,
    makeStream({ stream: 'xor', samples: 20_000 }),
    makeStream({ stream: 'sea', samples: 20_000, noise: 0.1, driftEvery: 5000 }),
    makeStream({ stream: 'hyperplane', samples: 20_000, noise: 0.05 }),
    makeStream({ stream: 'hyperplane', samples: 20_000, noise: 0.05, driftEvery: 5000 }),
    makeStream({ stream: 'hyperplane', samples: 100_000, noise: 0.05, driftEvery: 20_000 }),
    makeStream({ stream: 'friedman', samples: 20_000, noise: 1 }),
    makeStream({ stream: 'friedman', samples: 20_000, noise: 1, driftEvery: 5000 }),
    makeStream({ stream: 'friedman', samples: 100_000, noise: 1, driftEvery: 25_000 }),
  ];
}

/** The figures of a pass, lower is better: error in percent and log loss, or RMSE. */
function figuresOf(set: SampleSet, scores: PassScores): number[] {
  return set.target === 'regression' ? [scores.rmse] : [100 - scores.accuracy, scores.logLoss];
}

/** Geometric mean of the ratios of a candidate's figures to the best figures. */
function worseThan(best: readonly number[], figures: readonly number[]): number {
  const logs = figures.map((figure, i) => Math.log(Math.min(WORSE_MAX, figure / best[i])));
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}

function cell(set: SampleSet, { accuracy, logLoss, rmse, refused }: PassScores): string {
  if (refused > 0) return 'diverges';
  return set.target === 'regression' ? rmse.toFixed(3) : `${(100 - accuracy).toFixed(2)} ${logLoss.toFixed(3)}`;
}

function printJson(sets: readonly SampleSet[], name: string, scores: readonly PassScores[], worse: number): void {
  sets.forEach((set, s) => {
    const { accuracy, logLoss, rmse, refused, seconds } = scores[s];
    const figures = set.target === 'regression' ? { rmse } : { accuracy, logLoss };
    console.log(
      JSON.stringify({ bench: 'defaults', candidate: name, set: set.name, ...figures, refused, seconds, worse }),
    );
  });
}

/** What it takes. */
export const options = ['NAME...'];

/** Runs the bench. `rest` may name candidates, by a part of their names; the defaults always run. */
export function run({ json, rest }: BenchOptions): void {
  const sets = allSets();
  const chosen = candidates.filter(
    ({ name }) => rest.length === 0 || name === 'defaults' || rest.some((part) => name.includes(part)),
  );
  const scores = chosen.map(({ model }) =>
    sets.map((set) => meanScores(set, (seed) => specFor(set, { hidden: 32, ...model, seed }), seeds)),
  );
  const figures = scores.map((row) => row.flatMap((pass, s) => figuresOf(sets[s], pass)));
  const best = figures[0].map((_, i) => Math.min(...figures.map((row) => row[i])));
  if (!json) {
    console.log('Error in percent and log loss of classes, RMSE of regressions after row 100; columns:');
    sets.forEach(({ name }, s) => {
      console.log(`  ${String.fromCharCode(97 + s)}  ${name}`);
    });
    const letters = sets.map((_, s) => String.fromCharCode(97 + s).padStart(13)).join('');
    console.log(`${''.padEnd(26)}worse seconds${letters}`);
  }
  chosen.forEach(({ name }, c) => {
    const worse = worseThan(best, figures[c]);
    if (json) {
      printJson(sets, name, scores[c], worse);
      return;
    }
    const seconds = scores[c].reduce((sum, pass) => sum + pass.seconds, 0).toFixed(2);
    const cells = scores[c].map((pass, s) => cell(sets[s], pass).padStart(13)).join('');
    console.log(`${name.padEnd(26)}${worse.toFixed(2).padStart(5)}${seconds.padStart(8)}${cells}`);
  });
}
