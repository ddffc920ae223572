// The figures straight from their definitions, over plain arrays, with a weight for each sample: slow, and in no way like
// the sums that are tested against them.

/** What happened to one sample of a classification. */
export interface ClassCase {
  readonly label: number;
  readonly guess: number;
  /** Probability of the true class. */
  readonly held: number;
  readonly weight: number;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const weigh = (cases: readonly { weight: number }[]): number => total(cases.map(({ weight }) => weight));
const share = (part: readonly { weight: number }[], whole: readonly { weight: number }[]): number =>
  weigh(part) / weigh(whole);

export function accuracyOf(cases: readonly ClassCase[]): number {
  return share(
    cases.filter(({ label, guess }) => label === guess),
    cases,
  );
}

export function logLossOf(cases: readonly ClassCase[]): number {
  const clipped = (p: number) => Math.min(Math.max(p, 1e-15), 1 - 1e-15);
  return total(cases.map(({ held, weight }) => -Math.log(clipped(held)) * weight)) / weigh(cases);
}

/** Cohen's kappa from the whole confusion matrix. */
export function kappaOf(cases: readonly ClassCase[], classes: number): number {
  const indices = Array.from({ length: classes }, (_, index) => index);
  const cell = (row: number, column: number) =>
    share(
      cases.filter(({ label, guess }) => label === row && guess === column),
      cases,
    );
  const matrix = indices.map((row) => indices.map((column) => cell(row, column)));
  const observed = total(indices.map((k) => matrix[k][k]));
  const chance = total(indices.map((k) => total(matrix[k]) * total(matrix.map((row) => row[k]))));
  return (observed - chance) / (1 - chance);
}

/** F1 by way of precision and recall. */
export function f1Of(cases: readonly ClassCase[], label: number): number {
  const right = weigh(cases.filter((one) => one.label === label && one.guess === label));
  const precision = right / weigh(cases.filter(({ guess }) => guess === label));
  const recall = right / weigh(cases.filter((one) => one.label === label));
  return right === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** Every positive against every negative: the share that is in the right order, ties counting half. */
export function rocAucOf(
  scores: readonly { readonly score: number; readonly label: number; readonly weight: number }[],
): number {
  let [ordered, pairs] = [0, 0];
  for (const positive of scores.filter(({ label }) => label === 1)) {
    for (const negative of scores.filter(({ label }) => label === 0)) {
      const weight = positive.weight * negative.weight;
      pairs += weight;
      ordered += weight * (positive.score > negative.score ? 1 : positive.score === negative.score ? 0.5 : 0);
    }
  }
  return ordered / pairs;
}

/** Prediction and target of one sample of one output. */
export interface ErrorCase {
  readonly prediction: number;
  readonly target: number;
  readonly weight: number;
}

export function maeOf(cases: readonly ErrorCase[]): number {
  return total(cases.map((one) => one.weight * Math.abs(one.prediction - one.target))) / weigh(cases);
}

export function mseOf(cases: readonly ErrorCase[]): number {
  return total(cases.map((one) => one.weight * (one.prediction - one.target) ** 2)) / weigh(cases);
}

export function r2Of(cases: readonly ErrorCase[]): number {
  const mean = total(cases.map(({ target, weight }) => weight * target)) / weigh(cases);
  return 1 - mseOf(cases) / mseOf(cases.map((one) => ({ ...one, prediction: mean })));
}
