// `millrace plot`: the learning curve of a file or a synthetic stream, learnt on the side: nothing is published or kept.

import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { MillraceError, messageOf } from '../../errors.ts';
import { makeFolder } from '../../make-folder.ts';
import { createCounters } from '../../pipeline/counters.ts';
import type { CommonOptions } from '../common-options.ts';
import { printResult, say } from '../console.ts';
import { type CurvePoint, traceCurve } from '../plot/curve.ts';
import { createPanels } from '../plot/panels.ts';
import { drawSvg } from '../plot/svg.ts';
import { drawText } from '../plot/text.ts';
import { openFold, openFormat } from '../run/model-source.ts';
import { listenForShutdown } from '../run/shutdown.ts';
import { createSource } from '../run/source.ts';

/** The options of `millrace plot`. */
export interface PlotOptions extends CommonOptions {
  readonly samples?: number;
  /** Labelled samples in the sliding window, instead of `metrics.window`. */
  readonly window?: number;
  /** An SVG file; a chart of text on standard output without. */
  readonly out?: string;
}

/** Where a stream without an end is left. */
export const endlessSamples = 100_000;

/** Learns the stream from its beginning and draws how well that went. Throws MillraceError. */
export async function plot({ config: file, set, json, samples, window, out }: PlotOptions): Promise<void> {
  const windowed = window === undefined ? [] : [`metrics.window=${window}`];
  const config = loadConfig({ file, set: [...set, ...windowed], environment: process.env });
  if (config.source.kafka)
    throw new MillraceError(
      'usage-invalid',
      `plot reads files and synthetic streams, but ${file} reads a topic: point it at a file of its records`,
    );
  const isEndless = config.source.synthetic !== undefined && config.source.synthetic.samples === undefined;
  const points = await learn(config, samples ?? (isEndless ? endlessSamples : null));
  const panels = createPanels(points);
  if (panels.length === 0)
    throw new MillraceError('usage-invalid', 'there is nothing to plot: no record with a label was read');
  const read = points[points.length - 1].samples;
  const title = `${config.name}: ${read.toLocaleString('en-US')} records, window of ${config.metrics.window}`;
  if (out) await writeSvg(out, drawSvg(title, panels));
  if (json) printResult({ name: config.name, samples: read, window: config.metrics.window, out: out ?? null, points });
  else if (out) say(`${title}: drawn to ${out}`);
  else printResult(drawText(title, panels));
}

async function learn(config: Config, samples: number | null): Promise<CurvePoint[]> {
  const source = createSource(config, { stopAtEnd: true, samples });
  const shutdown = listenForShutdown();
  try {
    await source.open();
    const { predictions: _, ...silent } = config;
    const fold = openFold(silent, openFormat(config, source), null, { counters: createCounters() });
    await source.claim(shutdown.signal, () => {});
    const chunks = source.chunks(new Map(), shutdown.signal);
    return await traceCurve(fold, chunks, samples ?? Number.POSITIVE_INFINITY);
  } finally {
    shutdown.stop();
    await source.close();
  }
}

async function writeSvg(path: string, svg: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await writeFile(path, svg);
  } catch (error) {
    throw new MillraceError('sink-unwritable', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}
