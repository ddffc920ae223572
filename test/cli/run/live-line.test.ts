import { describe, expect, it } from 'vitest';
import { liveText, type Watched } from '../../../src/cli/run/live-line.ts';
import type { MetricsReport, Scores } from '../../../src/learner/metrics/report.ts';
import type { RunStatus } from '../../../src/pipeline/status.ts';
import { sampleReport, sampleStatus } from '../../monitor/sample-view.ts';

/** A run that stands where it is told. */
function viewOf(status: Partial<RunStatus>, metrics: MetricsReport | null = sampleReport): Watched {
  return {
    status: () => ({ ...sampleStatus, replayed: 0, rejected: 0, ...status }),
    metrics: () => metrics,
  };
}

describe('the live line', () => {
  it('compares the window with the baseline over the same window', () => {
    const view = viewOf({ samples: 12_340, modelVersion: 197_440 });
    expect(liveText(view, 499.6, 160)).toBe(
      'live · 12,340 samples · 500/s · loss 0.2500 (baseline 0.7000) · accuracy 75.0 % (baseline 75.0 %) · step 197,440',
    );
  });

  it.each([
    [103, 0, 90, '103 samples, 0/s, loss 0.250 vs 0.700, accuracy 75.0 vs 75.0 %, step 90'],
    [12_340, 1023, 197_440, '12.3K samples, 1.02K/s, loss 0.250 vs 0.700, accuracy 75.0 vs 75.0 %, step 197K'],
    [8_765_432, 98_765, 8_765_432, '8.77M samples, 98.8K/s, loss 0.250 vs 0.700, accuracy 75.0 vs 75.0 %, step 8.77M'],
  ])('is short where the terminal is narrow: %i samples', (samples, rate, modelVersion, line) => {
    expect(liveText(viewOf({ samples, modelVersion }), rate, 79)).toBe(line);
  });

  it('fits 80 columns at a common pace, and loses only the end of the step count at any other', () => {
    expect(liveText(viewOf({ samples: 12_340, modelVersion: 197_440 }), 1023, 79).length).toBeLessThanOrEqual(79);
    const busy = liveText(viewOf({ samples: 8_765_432, modelVersion: 8_765_432 }), 98_765, 79);
    expect(busy.slice(0, 79)).toMatch(/, step 8/);
  });

  it('tells the error of a regression, and nothing of quality before there is a learner', () => {
    const scores = (rmse: number): Scores => ({ ...sampleReport, loss: 0.5, accuracy: null, rmse });
    const report = {
      ...sampleReport,
      window: { ...scores(1.25), size: 50 },
      baseline: { ...sampleReport.baseline, window: scores(4.98123) },
    };
    expect(liveText(viewOf({}, report), 1, 160)).toContain('RMSE 1.250 (baseline 4.981) · step');
    expect(liveText(viewOf({ phase: 'starting', samples: 0, modelVersion: 0 }, null), 0, 160)).toBe(
      'starting · 0 samples · 0/s · step 0',
    );
  });

  it('says what is out of the ordinary, in any width', () => {
    const odd = { phase: 'replaying', replayed: 7000, rejected: 3, refusedSteps: 1 } as const;
    expect(liveText(viewOf(odd), 1, 200)).toMatch(
      /^replaying · .* · 7,000 replayed · 3 rejected · LEARNING HAS STOPPED$/,
    );
    expect(liveText(viewOf(odd), 1, 79)).toMatch(/^replaying, .*, 7K replayed, 3 rejected, LEARNING HAS STOPPED$/);
  });
});
