// The one line on a terminal that tells how a run goes while one watches: none in pipes and logs.

import type { Scores } from '../../learner/metrics/report.ts';
import type { RunView } from '../../pipeline/status.ts';
import { isTerminal, showStatus } from '../console.ts';

const redrawMs = 250;

/** Starts drawing, four times a second; the function it returns stops that and takes the line away. */
export function watchRun(view: RunView): () => void {
  if (!isTerminal()) return () => {};
  let before = { atMs: performance.now(), samples: 0 };
  let rate = 0;
  const redraw = () => {
    const now = { atMs: performance.now(), samples: view.status().samples };
    const fresh = ((now.samples - before.samples) * 1000) / (now.atMs - before.atMs);
    // Eases towards the newest figure, so that it can be read.
    rate += (fresh - rate) * (rate === 0 ? 1 : 0.3);
    before = now;
    showStatus(liveText(view, rate));
  };
  const timer = setInterval(redraw, redrawMs);
  return () => {
    clearInterval(timer);
    showStatus(null);
  };
}

/** `live · 12,340 samples · 500/s · loss 0.3120 (baseline 0.6921) · accuracy 88.1 % (baseline 54.9 %) · step 12,340`. */
export function liveText(view: RunView, samplesPerSecond: number): string {
  const { phase, samples, replayed, rejected, modelVersion, refusedSteps } = view.status();
  const report = view.metrics();
  const parts: string[] = [phase, `${count(samples)} samples`, `${count(samplesPerSecond)}/s`];
  if (replayed > 0) parts.push(`${count(replayed)} replayed`);
  if (report) parts.push(...quality(report.window, report.baseline.window));
  parts.push(`step ${count(modelVersion)}`);
  if (rejected > 0) parts.push(`${count(rejected)} rejected`);
  if (refusedSteps > 0) parts.push('LEARNING HAS STOPPED');
  return parts.join(' · ');
}

function quality(model: Scores, baseline: Scores): string[] {
  return [
    compared('loss', model.loss, baseline.loss, (value) => value.toFixed(4)),
    compared('accuracy', model.accuracy, baseline.accuracy, (value) => `${(100 * value).toFixed(1)} %`),
    compared('RMSE', model.rmse, baseline.rmse, (value) => value.toPrecision(4)),
  ].filter((part) => part !== null);
}

function compared(
  name: string,
  model: number | null,
  baseline: number | null,
  show: (value: number) => string,
): string | null {
  if (model === null) return null;
  return `${name} ${show(model)}${baseline === null ? '' : ` (baseline ${show(baseline)})`}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
