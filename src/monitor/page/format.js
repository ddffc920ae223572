// Figures in words, for people to read.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** 12,345. @param {number | null | undefined} value */
export function count(value) {
  return value === null || value === undefined ? '–' : whole.format(value);
}

/** Four digits that matter. @param {number | null | undefined} value */
export function figure(value) {
  if (value === null || value === undefined) return '–';
  return Math.abs(value) > 0 && Math.abs(value) < 1e-4 ? value.toExponential(2) : short.format(value);
}

/** 93.4 %. @param {number | null | undefined} value */
export function percent(value) {
  return value === null || value === undefined ? '–' : `${(100 * value).toFixed(1)} %`;
}

/** 12 s, 3 min, 2.5 h. @param {number | null | undefined} ms */
export function duration(ms) {
  if (ms === null || ms === undefined) return '–';
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
