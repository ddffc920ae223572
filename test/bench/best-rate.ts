// Rates on a machine that others use too: several things are timed in turns, and each one's best turn counts, because what
// disturbs a measurement only ever makes it slower. Short turns find the moments when nothing does.

/** Does some work and returns how much it was. */
export type Work = () => number;

function rateOf(work: Work, seconds: number): number {
  const from = performance.now();
  let done = 0;
  let passed = 0;
  while (passed < seconds) {
    done += work();
    passed = (performance.now() - from) / 1000;
  }
  return done / passed;
}

/** Work done in a second by each of `works` in its best of `turns` turns of `seconds` each, after a warm-up. */
export function bestRates(works: readonly Work[], turns: number, seconds: number): number[] {
  for (const work of works) rateOf(work, 0.1);
  const best = works.map(() => 0);
  for (let turn = 0; turn < turns; turn++) {
    works.forEach((work, w) => {
      best[w] = Math.max(best[w], rateOf(work, seconds));
    });
  }
  return best;
}
