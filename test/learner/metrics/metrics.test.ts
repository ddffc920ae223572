import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics, type MetricsOptions } from '../../../src/learner/metrics/metrics.ts';
import type { Scores } from '../../../src/learner/metrics/report.ts';
import {
  binaryPredictions,
  feed,
  multiclassPredictions,
  type Predicted,
  regressionPredictions,
  slice,
} from './predictions.ts';
import { accuracyOf, f1Of, kappaOf, logLossOf, maeOf, mseOf, r2Of, rocAucOf } from './reference.ts';

const window = 100;
const fading = 0.97;
const binary: MetricsOptions = { target: 'binary', outputs: 1, window, fading };
const multiclass: MetricsOptions = { target: 'multiclass', outputs: 4, window, fading };
const regression: MetricsOptions = { target: 'regression', outputs: 2, window, fading };

/** A weight for every sample, as each of the three views has it. */
const views = {
  cumulative: (_age: number) => 1,
  window: (age: number) => (age < window ? 1 : 0),
  fading: (age: number) => fading ** age,
};
const viewNames = ['cumulative', 'window', 'fading'] as const;
type View = (typeof viewNames)[number];

/** Samples with their weights in a view, those of weight 0 left out. */
function weighted(count: number, view: View): { readonly row: number; readonly weight: number }[] {
  return Array.from({ length: count }, (_, row) => ({ row, weight: views[view](count - 1 - row) })).filter(
    ({ weight }) => weight > 0,
  );
}

function scoresOf(options: MetricsOptions, all: Predicted, view: View): Scores {
  const report = feed(createMetrics(options), all, [7, 130, 131, 400]).report();
  return view === 'cumulative' ? report : report[view];
}

function expectScores(scores: Scores, expected: Partial<Record<keyof Scores, number | null>>): void {
  for (const [name, value] of Object.entries(scores)) {
    const wanted = Object.entries(expected).find(([key]) => key === name)?.[1];
    if (wanted === undefined) continue;
    if (wanted === null) expect(value, name).toBeNull();
    else expect(value, name).toBeCloseTo(wanted, 9);
  }
}

const lossOf = (all: Predicted, rows: readonly { row: number; weight: number }[]) => {
  const weight = rows.reduce((sum, one) => sum + one.weight, 0);
  return { samples: weight, loss: rows.reduce((sum, one) => sum + one.weight * all.losses[one.row], 0) / weight };
};

describe.each(viewNames)('%s figures are those of their definitions', (view) => {
  it('for two classes', () => {
    const all = binaryPredictions(600, 1);
    const rows = weighted(600, view);
    const cases = rows.map(({ row, weight }) => {
      const [score, label] = [all.outputs[row], all.targets[row]];
      return { label, guess: score >= 0.5 ? 1 : 0, held: label === 1 ? score : 1 - score, score, weight };
    });
    const scores = scoresOf(binary, all, view);
    expectScores(scores, {
      ...lossOf(all, rows),
      accuracy: accuracyOf(cases),
      logLoss: logLossOf(cases),
      f1: f1Of(cases, 1),
      kappa: kappaOf(cases, 2),
      mae: null,
      rmse: null,
      r2: null,
    });
    // Scores of one bin count as tied, so the area is not quite exact.
    expect(scores.rocAuc).toBeCloseTo(rocAucOf(cases), 2);
  });

  it('for several classes', () => {
    const all = multiclassPredictions(600, 4, 2);
    const rows = weighted(600, view);
    const cases = rows.map(({ row, weight }) => {
      const outputs = [...all.outputs.subarray(row * 4, row * 4 + 4)];
      return {
        label: all.targets[row],
        guess: outputs.indexOf(Math.max(...outputs)),
        held: outputs[all.targets[row]],
        weight,
      };
    });
    expectScores(scoresOf(multiclass, all, view), {
      ...lossOf(all, rows),
      accuracy: accuracyOf(cases),
      logLoss: logLossOf(cases),
      f1: (f1Of(cases, 0) + f1Of(cases, 1) + f1Of(cases, 2) + f1Of(cases, 3)) / 4,
      kappa: kappaOf(cases, 4),
      rocAuc: null,
    });
  });

  it('for numbers, the mean over the outputs', () => {
    const all = regressionPredictions(600, 2, 3);
    const rows = weighted(600, view);
    const outputs = [0, 1].map((k) =>
      rows.map(({ row, weight }) => ({
        prediction: all.outputs[2 * row + k],
        target: all.targets[2 * row + k],
        weight,
      })),
    );
    const mean = (figure: (cases: (typeof outputs)[0]) => number) => (figure(outputs[0]) + figure(outputs[1])) / 2;
    expectScores(scoresOf(regression, all, view), {
      ...lossOf(all, rows),
      mae: mean(maeOf),
      rmse: mean((cases) => Math.sqrt(mseOf(cases))),
      r2: mean(r2Of),
      accuracy: null,
      logLoss: null,
      kappa: null,
    });
  });
});

const kinds: [string, MetricsOptions, (count: number, seed: number) => Predicted][] = [
  ['two classes', binary, binaryPredictions],
  ['several classes', multiclass, (count, seed) => multiclassPredictions(count, 4, seed)],
  ['numbers', regression, (count, seed) => regressionPredictions(count, 2, seed)],
];

describe.each(kinds)('the state for %s', (_, options, make) => {
  it('is the same bits however the stream is cut into blocks', () => {
    const all = make(700, 5);
    const whole = feed(createMetrics(options), all).snapshot();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 12 }), (cuts) => {
        expect(feed(createMetrics(options), all, cuts).snapshot()).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('comes back from a snapshot and goes on as if nothing had been', () => {
    const all = make(500, 6);
    const straight = feed(createMetrics(options), all);
    const first = feed(createMetrics(options), slice(all, 0, 230));
    const second = feed(createMetrics(options), make(50, 9));
    second.restore(first.snapshot());
    expect(second.report()).toEqual(first.report());
    feed(second, slice(all, 230, 500));
    expect(second.snapshot()).toEqual(straight.snapshot());
    expect(second.report()).toEqual(straight.report());
  });

  it('is a copy: a snapshot does not change as learning goes on', () => {
    const metrics = feed(createMetrics(options), make(50, 6));
    const snapshot = metrics.snapshot();
    const copy = structuredClone(snapshot);
    feed(metrics, make(50, 7));
    expect(snapshot).toEqual(copy);
    expect(metrics.snapshot()).not.toEqual(copy);
  });

  it('is restored whole or not at all', () => {
    const metrics = feed(createMetrics(options), make(50, 6));
    const before = metrics.snapshot();
    const other = feed(createMetrics(options), make(80, 7)).snapshot();
    const cut = other.map((tensor, index) =>
      index === other.length - 1 ? { ...tensor, shape: [1], data: new Uint8Array(8) } : tensor,
    );
    for (const damaged of [other.slice(1), cut, []]) {
      expect(() => metrics.restore(damaged)).toThrow(expect.objectContaining({ code: 'checkpoint-damaged' }));
      expect(metrics.snapshot()).toEqual(before);
    }
  });

  it('leaves out samples without a label', () => {
    const all = make(300, 8);
    const kept = Array.from({ length: 300 }, (_, row) => row).filter((row) => row % 3 === 0);
    const labelled = Uint8Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? 1 : 0));
    const some = feed(createMetrics(options), { ...all, labelled }, [100]);
    const only = createMetrics(options);
    for (const row of kept) feed(only, slice(all, row, row + 1));
    expect(some.snapshot()).toEqual(only.snapshot());
  });

  it('has no figure before the first sample', () => {
    const { samples, window: view, fading: faded, baseline, ...figures } = createMetrics(options).report();
    expect([samples, view.samples, faded.samples, baseline.samples]).toEqual([0, 0, 0, 0]);
    expect(Object.values(figures).every((value) => value === null)).toBe(true);
    expect([view.size, faded.factor]).toEqual([window, fading]);
  });
});

describe('metrics', () => {
  it('survive fading over a stream much longer than floating point would bear', () => {
    const all = binaryPredictions(5000, 11);
    const { fading: faded } = feed(createMetrics({ ...binary, fading: 0.5 }), all).report();
    const last = slice(all, 4940, 5000);
    const cases = Array.from(last.targets, (label, row) => ({
      label,
      guess: last.outputs[row] >= 0.5 ? 1 : 0,
      held: 1,
      weight: 0.5 ** (59 - row),
    }));
    expect(faded.samples).toBeCloseTo(2, 12);
    expect(faded.accuracy).toBeCloseTo(accuracyOf(cases), 12);
  });

  it('are not spoilt for ever by a prediction that overflowed', () => {
    const options = { ...regression, outputs: 1, window: 10 };
    const wild = { ...regressionPredictions(3, 1, 1), outputs: Float32Array.of(Number.NaN, Infinity, -Infinity) };
    const metrics = feed(createMetrics(options), { ...wild, losses: Float32Array.of(Infinity, Number.NaN, 1) });
    expect([metrics.report().loss, metrics.report().rmse].every(Number.isFinite)).toBe(true);
    const tame = regressionPredictions(10, 1, 2);
    const { window: view } = feed(metrics, tame).report();
    expect(view).toEqual(feed(createMetrics(options), tame).report().window);
  });

  it('keep the loss alone for several sigmoid outputs', () => {
    const metrics = createMetrics({ ...binary, outputs: 3 });
    const losses = Float32Array.of(1, 3);
    metrics.update({ outputs: new Float32Array(6), losses }, new Float32Array(6), Uint8Array.of(1, 1), 2);
    expect(metrics.report()).toMatchObject({
      samples: 2,
      loss: 2,
      accuracy: null,
      rmse: null,
      baseline: { loss: null },
    });
  });

  it('refuse a window or fading factor that makes no sense', () => {
    expect(() => createMetrics({ ...binary, window: 0 })).toThrow(RangeError);
    expect(() => createMetrics({ ...binary, window: 1.5 })).toThrow(RangeError);
    expect(() => createMetrics({ ...binary, fading: 0 })).toThrow(RangeError);
    expect(() => createMetrics({ ...binary, fading: 1.1 })).toThrow(RangeError);
  });
});
