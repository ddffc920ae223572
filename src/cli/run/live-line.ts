// The one line on a terminal that tells how a run goes while one watches: none in pipes and logs.

import type { Scores } from '../../learner/metrics/report.ts';
import type { RunView } from '../../pipeline/status.ts';
import { isTerminal, lineWidth, showStatus } from '../console.ts';

const redrawMs = 250;

/** What the line is made of. */
export type Watched = Pick<RunView, 'status' | 'metrics'>;

/** Starts drawing, four times a second; the function it returns stops that and takes the line away. */
export function watchRun(view: Watched): () => void {
  if (!isTerminal()) return () => {};
  let before = { atMs: performance.now(), samples: 0 };
  let rate = 0;
  const redraw = () => {
    const now = { atMs: performance.now(), samples: view.status().samples };
    const fresh = ((now.samples - before.samples) * 1000) / (now.atMs - before.atMs);
    // Eases towards the newest figure, so that it can be read.
    rate += (fresh - rate) * (rate === 0 ? 1 : 0.3);
    before = now;
    showStatus(liveText(view, rate, lineWidth()));
  };
  const timer = setInterval(redraw, redrawMs);
  return () => {
    clearInterval(timer);
    showStatus(null);
  };
}

/**
 * `live · 12,340 samples · 500/s · loss 0.3120 (baseline 0.6921) · accuracy 88.1 % (baseline 54.9 %) · step 12,340`, or
 * where that is wider than `width`: `12.3K samples, 500/s, loss 0.312 vs 0.692, accuracy 88.1 vs 54.9 %, step 12.3K`.
 */
export function liveText(view: Watched, samplesPerSecond: number, width: number): string {
  const wide = compose(view, samplesPerSecond, wideStyle);
  return wide.length <= width ? wide : compose(view, samplesPerSecond, narrowStyle);
}

/** How the parts of the line are written. */
interface Style {
  readonly separator: string;
  readonly showsPhase: boolean;
  count(value: number): string;
  compared(name: string, model: string, baseline: string, unit: string): string;
  loss(value: number): string;
}

const wideStyle: Style = {
  separator: ' · ',
  showsPhase: true,
  count: (value) => Math.round(value).toLocaleString('en-US'),
  compared: (name, model, baseline, unit) => `${name} ${model}${unit} (baseline ${baseline}${unit})`,
  loss: (value) => value.toFixed(4),
};

const shortCount = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

const narrowStyle: Style = {
  separator: ', ',
  showsPhase: false,
  count: (value) => shortCount.format(Math.round(value)),
  compared: (name, model, baseline, unit) => `${name} ${model} vs ${baseline}${unit}`,
  loss: (value) => value.toFixed(3),
};

function compose(view: Watched, samplesPerSecond: number, style: Style): string {
  const { phase, samples, replayed, rejected, modelVersion, refusedSteps } = view.status();
  const report = view.metrics();
  const { count } = style;
  const parts = [`${count(samples)} samples`, `${count(samplesPerSecond)}/s`];
  if (style.showsPhase || phase !== 'live') parts.unshift(phase);
  if (report) parts.push(...quality(report.window, report.baseline.window, style));
  parts.push(`step ${count(modelVersion)}`);
  if (replayed > 0) parts.push(`${count(replayed)} replayed`);
  if (rejected > 0) parts.push(`${count(rejected)} rejected`);
  if (refusedSteps > 0) parts.push('LEARNING HAS STOPPED');
  return parts.join(style.separator);
}

function quality(model: Scores, baseline: Scores, { compared, loss }: Style): string[] {
  const against = (
    name: string,
    [value, other]: readonly [number | null, number | null],
    show: (value: number) => string,
    unit = '',
  ): string[] => (value === null || other === null ? [] : [compared(name, show(value), show(other), unit)]);
  return [
    ...against('loss', [model.loss, baseline.loss], loss),
    ...against('accuracy', [model.accuracy, baseline.accuracy], (value) => (100 * value).toFixed(1), ' %'),
    ...against('RMSE', [model.rmse, baseline.rmse], (value) => value.toPrecision(4)),
  ];
}
