// The drawing is well-formed, shows its numbers, and carries any name safely.

import { describe, expect, it } from 'vitest';
import type { Panel } from '../../../src/cli/plot/panels.ts';
import { drawSvg } from '../../../src/cli/plot/svg.ts';
import { drawText } from '../../../src/cli/plot/text.ts';

const panel: Panel = {
  title: 'Loss',
  samples: [100, 200, 400],
  model: [0.8, 0.5, 0.2],
  baseline: [0.7, Number.NaN, 0.7],
  low: 0,
  high: 1,
  show: (value) => value.toFixed(2),
};

/** Names of the elements that are open at the end; each closing tag must close the innermost. */
function openElements(xml: string): string[] {
  const open: string[] = [];
  for (const [, end, name, self] of xml.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!self) open.push(name);
  }
  return open;
}

describe('the SVG', () => {
  const svg = drawSvg('a <b> & "c"', [panel, { ...panel, title: 'Accuracy' }]);

  it('is one well-formed element that names no other file, escaped', () => {
    expect(openElements(svg)).toEqual([]);
    expect(svg).toContain('a &lt;b&gt; &amp; &quot;c&quot;</title>');
    expect(svg).not.toMatch(/href|<script|url\((?!#)/);
    expect(svg).not.toContain('NaN');
  });

  it('draws both lines to scale, broken where a value is unknown, with names and last values beside', () => {
    const [model] = /(?<=class="model"[^>]* d=")[^"]+/.exec(svg) ?? [''];
    const [baseline] = /(?<=class="baseline"[^>]* d=")[^"]+/.exec(svg) ?? [''];
    const points = [...model.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(points).toHaveLength(3);
    // Half the records at half the width, and a fall of 0.3 is as high wherever it is.
    const [[x0, y0], [x1, y1], [x2, y2]] = points;
    expect(x2 - x1).toBeCloseTo(2 * (x1 - x0), 0);
    expect(y2 - y1).toBeCloseTo(y1 - y0, 0);
    expect(baseline.match(/M/g)).toHaveLength(2);
    expect(svg).toContain('>model 0.20</text>');
    expect(svg).toContain('>baseline 0.70</text>');
  });

  it('is dark where the viewer is', () => {
    expect(svg).toMatch(/@media \(prefers-color-scheme: dark\) \{\s+\.ground \{ fill: #0d1117/);
  });
});

it('draws the same as text, with both ends of the axis', () => {
  const lines = drawText('name', [panel]).split('\n');
  expect(lines[0]).toBe('name');
  expect(lines[2]).toBe('Loss: model 0.20 ●, baseline 0.70 ·');
  expect(lines[3]).toMatch(/^1\.00 ┤/);
  expect(lines[14]).toMatch(/^0\.00 ┤/);
  expect(lines.at(-1)).toMatch(/^ +0 +400 records$/);
  expect(lines.join('').match(/●/g)).toHaveLength(3 + 1);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});
