// A learning curve as text, for a terminal.

import type { Panel } from './panels.ts';

const columns = 64;
const rows = 12;
const modelMark = '●';
const baselineMark = '·';

/** The panels as lines, one below the other. */
export function drawText(title: string, panels: readonly Panel[]): string {
  return [title, ...panels.map(drawPanel)].join('\n\n');
}

function drawPanel(panel: Panel): string {
  const last = panel.samples[panel.samples.length - 1];
  const cells = Array.from({ length: rows }, () => new Array<string>(columns).fill(' '));
  const mark = (values: readonly number[], sign: string): void => {
    values.forEach((value, i) => {
      const row = Math.round(((panel.high - value) / (panel.high - panel.low)) * (rows - 1));
      const column = Math.round((panel.samples[i] / last) * (columns - 1));
      // What the axis does not reach, and what is not known, is not drawn.
      if (row >= 0 && row < rows) cells[row][column] = sign;
    });
  };
  mark(panel.baseline, baselineMark);
  mark(panel.model, modelMark);
  const axis = [panel.show(panel.high), panel.show(panel.low)];
  const width = Math.max(...axis.map((label) => label.length));
  const lines = cells.map((row, r) => {
    const label = r === 0 ? axis[0] : r === rows - 1 ? axis[1] : '';
    return `${label.padStart(width)} ┤${row.join('')}`.trimEnd();
  });
  const end = `${last.toLocaleString('en-US')} records`;
  const [model, baseline] = [panel.model, panel.baseline].map((values) => values[values.length - 1]);
  const known = Number.isFinite(baseline) ? `, baseline ${panel.show(baseline)} ${baselineMark}` : '';
  return [
    `${panel.title}: model ${panel.show(model)} ${modelMark}${known}`,
    ...lines,
    `${' '.repeat(width)} └${'─'.repeat(columns)}`,
    `${' '.repeat(width + 2)}0${end.padStart(columns - 1)}`,
  ].join('\n');
}
