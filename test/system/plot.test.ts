// `millrace plot` as users run it: the run's own figures, drawn, and nothing else written; rendered by a real browser.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runMillrace } from '../support/millrace-process.ts';
import { failureOf, resultOf, settings, temporaryFolder } from './support.ts';

const scores = z.looseObject({ samples: z.number(), loss: z.number().nullable(), accuracy: z.number().nullable() });
const curveSchema = z.looseObject({
  samples: z.int(),
  points: z.array(z.object({ samples: z.int(), model: scores, baseline: scores })),
});

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);
if (!browser) console.warn('SKIPPED: no Chromium is here to render a learning curve with');

describe('millrace plot', { timeout: 90_000 }, () => {
  it('ends with the windowed figures of a run, and leaves neither outputs nor checkpoints', async () => {
    const folder = temporaryFolder();
    const outputs = settings(
      ...['predictions', 'deadLetters'].map((key) => `${key}.file.path=${join(folder, key)}`),
      `checkpoint.dir=${join(folder, 'checkpoints')}`,
    );
    const window = ['--window', '150'];
    const { code, stdout, stderr } = await runMillrace(
      'plot',
      '-c',
      'config/phishing.yaml',
      ...outputs,
      ...window,
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { samples, points } = curveSchema.parse(JSON.parse(stdout));
    expect(samples).toBe(1250);
    expect(points.map((point) => point.samples)).toEqual(Array.from({ length: 125 }, (_, i) => 10 * (i + 1)));
    expect(readdirSync(folder)).toEqual([]);

    const same = settings('predictions.file.path=/dev/null', 'deadLetters.file.path=/dev/null', 'metrics.window=150');
    const { metrics } = resultOf(await runMillrace('run', '-c', 'config/phishing.yaml', ...same, '--json'));
    const { size: _, ...model } = metrics.window;
    expect(points.at(-1)).toEqual({ samples: 1250, model, baseline: metrics.baseline.window });
  });

  it('keeps to 400 points at most of a long stream, evenly apart', async () => {
    const { stdout } = await runMillrace('plot', '-c', 'config/demo.yaml', '--samples', '30000', '--json');
    const { points } = curveSchema.parse(JSON.parse(stdout));
    expect(points.length).toBeGreaterThan(150);
    expect(points.length).toBeLessThanOrEqual(401);
    const steps = points.slice(1).map(({ samples }, i) => samples - points[i].samples);
    expect(new Set(steps.slice(0, -1)).size).toBe(1);
    expect(points.at(-1)?.samples).toBe(30_000);
  });

  it('draws text on standard output, and an SVG file with `--out`', async () => {
    const text = await runMillrace('plot', '-c', 'config/trump-approval.yaml');
    expect(text.code, text.stderr).toBe(0);
    expect(text.stdout).toMatch(
      /^trump-approval: 1,001 records, window of 1000\n\nRMSE: model [\d.]+ ●, baseline [\d.]+ ·\n/,
    );
    const out = join(temporaryFolder(), 'new', 'curve.svg');
    const drawn = await runMillrace('plot', '-c', 'config/trump-approval.yaml', '--out', out);
    expect(drawn).toMatchObject({ code: 0, stdout: '' });
    expect(drawn.stderr).toContain(`drawn to ${out}`);
    expect(readFileSync(out, 'utf8')).toMatch(/^<svg [\s\S]+>RMSE<[\s\S]+<\/svg>\n$/);
  });

  it.skipIf(!browser)('makes a file that a browser shows', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'curve.svg');
    expect((await runMillrace('plot', '-c', 'config/phishing.yaml', '--out', out)).code).toBe(0);
    const image = join(folder, 'curve.png');
    const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
    const own = ['--disable-background-networking', '--disable-component-update', `--user-data-dir=${folder}/profile`];
    const shot = [`--screenshot=${image}`, '--window-size=880,700', `file://${out}`];
    spawnSync(browser ?? '', ['--headless', ...quiet, ...own, ...shot], { stdio: 'ignore', timeout: 60_000 });
    // A file that is no drawing gives an empty page, or one with an error, of 20 kB at most.
    expect(statSync(image).size).toBeGreaterThan(30_000);
  });

  it('tells what cannot be plotted', async () => {
    const topic = failureOf(await runMillrace('plot', '-c', 'config/kafka-phishing.yaml'));
    expect(topic).toMatchObject({ code: 2, text: expect.stringContaining('reads a topic') });
    const none = failureOf(await runMillrace('plot', '-c', 'config/phishing.yaml', '--samples', '0'));
    expect(none).toMatchObject({ code: 2, text: expect.stringContaining('no record with a label was read') });
    const out = failureOf(await runMillrace('plot', '-c', 'config/phishing.yaml', '--out', '/proc/none/x.svg'));
    expect(out).toMatchObject({ code: 1, text: expect.stringContaining('/proc/none/x.svg') });
  });
});
