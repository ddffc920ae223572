// What a learning curve shows: a panel for each figure that the target has.

import type { Scores } from '../../learner/metrics/report.ts';
import type { CurvePoint } from './curve.ts';

/** One figure over the stream. */
export interface Panel {
  readonly title: string;
  /** Records dealt with. [points] */
  readonly samples: readonly number[];
  readonly model: readonly number[];
  readonly baseline: readonly number[];
  /** What the panel reaches from and to: all that is drawn, but for the beginning, rounded outwards. */
  readonly low: number;
  readonly high: number;
  readonly show: (value: number) => string;
}

/** Share of the stream whose figures, of a handful of samples each, do not stretch the axis. */
const beginning = 0.05;

/** Loss and accuracy for classes, RMSE and MAE for values; a figure that is never known has no panel. */
export function createPanels(points: readonly CurvePoint[]): Panel[] {
  const percent = (value: number): string => `${Number((100 * value).toPrecision(4))} %`;
  const plain = (value: number): string => String(Number(value.toPrecision(4)));
  const isRegression = points.some(({ model }) => model.rmse !== null);
  const panels = isRegression
    ? [panelOf(points, 'RMSE', 'rmse', plain), panelOf(points, 'MAE', 'mae', plain)]
    : [panelOf(points, 'Loss', 'loss', plain), panelOf(points, 'Accuracy', 'accuracy', percent)];
  return panels.filter((panel) => panel !== null);
}

function panelOf(
  points: readonly CurvePoint[],
  title: string,
  key: keyof Scores,
  show: (value: number) => string,
): Panel | null {
  const known = points.flatMap(({ samples, model, baseline }) => {
    const [value, other] = [model[key], baseline[key]];
    return value === null ? [] : [{ samples, value, other: other ?? Number.NaN }];
  });
  if (known.length === 0) return null;
  const last = known[known.length - 1].samples;
  const settled = known.filter(({ samples }) => samples >= beginning * last);
  const drawn = settled.flatMap(({ value, other }) => [value, other]).filter(Number.isFinite);
  const [low, high] = axisOf(Math.min(...drawn), Math.max(...drawn), key === 'accuracy');
  return {
    ...{ title, low, high, show },
    samples: known.map(({ samples }) => samples),
    model: known.map(({ value }) => value),
    baseline: known.map(({ other }) => other),
  };
}

/** Errors start at 0; a share may start as high as 0.9, and ends at 1 at most. */
function axisOf(least: number, most: number, isShare: boolean): [low: number, high: number] {
  const low = isShare ? Math.min(least, 0.9) : 0;
  const step = tickStep(low, most);
  const from = Math.max(0, Math.floor(low / step) * step);
  const to = Math.max(from + step, Math.ceil(most / step) * step);
  return [from, isShare ? Math.min(1, Math.max(to, from + step)) : to];
}

/** A step of 1, 2 or 5 times a power of ten, about a fifth of the way. */
export function tickStep(low: number, high: number): number {
  const rough = Math.max(high - low, 1e-9) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** The multiples of the step from low to high. */
export function ticksOf(low: number, high: number): number[] {
  const step = tickStep(low, high);
  const first = Math.ceil(low / step - 1e-6);
  const last = Math.floor(high / step + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
