// Curves over the run's time, drawn by uPlot in the colours of the page.

import uPlot from './uplot.js';

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {(plot: unknown, ticks: number[]) => string[]} values */
function axis(size, values) {
  const line = { stroke: colour('--grid'), width: 1 };
  return { stroke: colour('--muted'), grid: line, ticks: line, size, values };
}

/** 09:05:30. */
function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB');
}

/**
 * A chart in an element that follows its width and the colour scheme. `series` are { label, colour (a custom property) };
 * `show` writes a value.
 */
export function createChart(element, { series, height, show, fromZero }) {
  let data = [[], ...series.map(() => [])];
  let plot = null;

  function draw() {
    plot?.destroy();
    plot = new uPlot(
      {
        width: Math.max(200, element.clientWidth),
        height,
        scales: { y: { range: (_plot, low, high) => rangeOf(low, high, fromZero) } },
        axes: [
          { ...axis(30, (_plot, ticks) => ticks.map(clock)), space: 90 },
          axis(62, (_plot, ticks) => ticks.map(show)),
        ],
        legend: { live: true },
        series: [
          {
            label: 'time',
            value: (_plot, value) => (value === null ? '–' : clock(value)),
          },
          ...series.map(({ label, colour: name, dash }) => ({
            label,
            stroke: colour(name),
            width: 2,
            ...(dash ? { dash } : {}),
            points: { show: false },
            value: (_plot, value) => (value === null ? '–' : show(value)),
          })),
        ],
      },
      data,
      element,
    );
  }

  draw();
  new ResizeObserver(() => plot?.setSize({ width: Math.max(200, element.clientWidth), height })).observe(element);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  return {
    /** Columns: seconds since the epoch, then one for each series. */
    set(columns) {
      data = columns;
      plot?.setData(data);
    },
  };
}

function rangeOf(low, high, fromZero) {
  if (low === null || high === null || (fromZero && high < 1)) return [0, 1];
  const room = 0.08 * (high - low || Math.abs(high) || 1);
  return [fromZero ? 0 : low - room, high + room];
}
