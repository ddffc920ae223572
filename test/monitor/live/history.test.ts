import { describe, expect, it } from 'vitest';
import { createHistory, type Point } from '../../../src/monitor/live/history.ts';

const pointAt = (atMs: number): Point => ({
  ...{ atMs, samplesPerSecond: 1, loss: null, baselineLoss: null, quality: null, baselineQuality: null },
});

describe('the curves', () => {
  it('keep every point of a young run, and skip what comes sooner', () => {
    const history = createHistory({ everyMs: 250 });
    expect([0, 100, 250, 495, 500].map((atMs) => history.add(pointAt(atMs)))).toEqual([
      'added',
      'skipped',
      'added',
      'added',
      'skipped',
    ]);
  });

  it('never have more than so many points, evenly over the whole run', () => {
    const history = createHistory({ everyMs: 250, pointsMax: 100 });
    let [thinned, most] = [0, 0];
    for (let look = 0; look < 50_000; look++) {
      if (history.add(pointAt(look * 250)) === 'thinned') thinned++;
      most = Math.max(most, history.points.length);
    }
    expect([thinned, most]).toEqual([9, 100]);
    const times = history.points.map(({ atMs }) => atMs);
    const gaps = new Set(times.slice(1).map((atMs, index) => atMs - times[index]));
    expect(times[0]).toBe(0);
    expect([...gaps]).toEqual([250 * 2 ** thinned]);
    expect(times.length).toBeGreaterThan(50);
  });
});
