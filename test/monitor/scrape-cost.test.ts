// A scrape while a run learns: what it costs, and that the run goes on.

import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/cli/run/session.ts';
import { checkConfig } from '../../src/config/load.ts';
import { createMetricsRegistry } from '../../src/monitor/registry.ts';

/** A run at full pace over a wide network, its window and classes as large as they come in practice. */
function busyRun() {
  const config = checkConfig(
    {
      source: { synthetic: { stream: 'hyperplane' } },
      schema: { target: { from: 'label', type: 'binary' } },
      model: { hidden: [256, 128] },
      metrics: { window: 10_000 },
      http: false,
    },
    'test',
  );
  return createSession(config, { end: { stopAtEnd: false, samples: null } });
}

describe('a scrape of a busy run', { timeout: 60_000 }, () => {
  it('takes under 10 ms, and the run learns on between scrapes', async () => {
    const session = busyRun();
    const registry = createMetricsRegistry({ view: session, version: '1.2.3' });
    const stop = new AbortController();
    const done = session.run(stop.signal);
    await expect.poll(() => session.status().learned, { timeout: 30_000 }).toBeGreaterThan(2000);
    const costs: number[] = [];
    const learned: number[] = [];
    for (let scrape = 0; scrape < 20; scrape++) {
      learned.push(session.status().learned);
      // Time of this process alone: the machine may have other things to do.
      const before = process.cpuUsage();
      await registry.metrics();
      const { user, system } = process.cpuUsage(before);
      costs.push((user + system) / 1000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    stop.abort();
    await done;
    costs.sort((a, b) => a - b);
    expect(costs[10], `median of ${costs.map((ms) => ms.toFixed(2)).join(', ')}`).toBeLessThan(10);
    expect(learned.at(-1)).toBeGreaterThan(learned[0]);
  });
});
