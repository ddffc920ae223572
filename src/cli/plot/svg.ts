// A learning curve as an SVG file that stands alone: no script, no font, no other file; dark where the viewer is.

import { type Panel, ticksOf } from './panels.ts';

const width = 860;
const panelHeight = 250;
const margin = { left: 70, right: 120, top: 54, gap: 56, bottom: 50 };
const plotWidth = width - margin.left - margin.right;

const style = `
  .ground { fill: #ffffff } .frame { fill: none; stroke: #d0d7de } .grid { stroke: #eaeef2 }
  text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #57606a }
  .title { font-size: 15px; font-weight: 600; fill: #1f2328 } .panel { font-weight: 600; fill: #1f2328 }
  .model { stroke: #0969da; stroke-width: 2; fill: none } .baseline { stroke: #8c959f; stroke-width: 1.5; fill: none; stroke-dasharray: 5 4 }
  .model-label { fill: #0969da; font-weight: 600 } .baseline-label { fill: #6e7781 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } .frame { stroke: #30363d } .grid { stroke: #21262d }
    text { fill: #8b949e } .title, .panel { fill: #e6edf3 }
    .model { stroke: #58a6ff } .baseline { stroke: #6e7681 } .model-label { fill: #58a6ff } .baseline-label { fill: #8b949e }
  }`;

/** The panels, one below the other, over the same records. */
export function drawSvg(title: string, panels: readonly Panel[]): string {
  const height = margin.top + panels.length * (panelHeight + margin.gap) - margin.gap + margin.bottom;
  const last = Math.max(1, ...panels.flatMap(({ samples }) => samples.slice(-1)));
  const body = panels.map((panel, i) => drawPanel(panel, i, last));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t">
<title id="t">${escapeXml(title)}</title>
<style>${style}
</style>
<rect class="ground" width="${width}" height="${height}"/>
<text class="title" x="${margin.left}" y="24">${escapeXml(title)}</text>
${body.join('\n')}
</svg>
`;
}

function drawPanel(panel: Panel, index: number, last: number): string {
  const top = margin.top + index * (panelHeight + margin.gap);
  const bottom = top + panelHeight;
  const x = (samples: number): number => margin.left + (samples / last) * plotWidth;
  const y = (value: number): number => bottom - ((value - panel.low) / (panel.high - panel.low)) * panelHeight;
  const rows = ticksOf(panel.low, panel.high).map(
    (tick) =>
      `<path class="grid" d="M${margin.left} ${round(y(tick))}h${plotWidth}"/>` +
      `<text x="${margin.left - 8}" y="${round(y(tick) + 4)}" text-anchor="end">${panel.show(tick)}</text>`,
  );
  const columns = ticksOf(0, last).map(
    (tick) =>
      `<text x="${round(x(tick))}" y="${bottom + 18}" text-anchor="middle">${tick.toLocaleString('en-US')}</text>`,
  );
  const line = (name: string, values: readonly number[]): string =>
    `<path class="${name}" clip-path="url(#clip${index})" d="${pathOf(panel.samples.map((s, i) => [x(s), y(values[i])]))}"/>`;
  return [
    `<clipPath id="clip${index}"><rect x="${margin.left}" y="${top}" width="${plotWidth}" height="${panelHeight}"/></clipPath>`,
    `<text class="panel" x="${margin.left}" y="${top - 8}">${panel.title}</text>`,
    ...rows,
    ...columns,
    `<text x="${margin.left + plotWidth}" y="${bottom + 34}" text-anchor="end">records</text>`,
    `<rect class="frame" x="${margin.left}" y="${top}" width="${plotWidth}" height="${panelHeight}"/>`,
    line('baseline', panel.baseline),
    line('model', panel.model),
    ...labels(panel, y),
  ].join('\n');
}

/** The names of both lines at their ends, kept apart where the lines meet. */
function labels(panel: Panel, y: (value: number) => number): string[] {
  const ends = (['model', 'baseline'] as const)
    .map((name) => ({ name, value: panel[name].at(-1) ?? Number.NaN }))
    .filter(({ value }) => Number.isFinite(value))
    .map((end) => ({ ...end, at: y(Math.min(panel.high, Math.max(panel.low, end.value))) }))
    .sort((a, b) => a.at - b.at);
  if (ends.length === 2 && ends[1].at - ends[0].at < 16) {
    const middle = (ends[0].at + ends[1].at) / 2;
    ends[0].at = middle - 8;
    ends[1].at = middle + 8;
  }
  return ends.map(
    ({ name, value, at }) =>
      `<text class="${name}-label" x="${margin.left + plotWidth + 8}" y="${round(at + 4)}">${name} ${panel.show(value)}</text>`,
  );
}

/** A line through the points; broken where a value is unknown. */
function pathOf(points: readonly (readonly [x: number, y: number])[]): string {
  let pen = 'M';
  let path = '';
  for (const [x, y] of points) {
    if (!Number.isFinite(y)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${round(x)} ${round(y)}`;
    pen = 'L';
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
