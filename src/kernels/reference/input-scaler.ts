// Scaling of inputs, learnt online: standard by Welford's method, minmax, or none. Statistics are float64 state.
// Source: Welford, Note on a Method for Calculating Corrected Sums of Squares (1962); population variance.

import { counter } from '../counters.ts';
import type { Machine } from './machine.ts';

/**
 * Takes a labelled sample's raw inputs (from `at` in `inputs`) into the statistics; NaN is missing and counts for
 * nothing. The labelled counter already includes the sample, so a column has seen labelled − missing values.
 * standard: centre = mean, spread = Σ(x − mean)²; minmax: centre = minimum, spread = maximum; none: centre = Σx.
 */
export function updateInputScaler(machine: Machine, inputs: Float32Array, at: number): void {
  const { scalerMissing, scalerCentre, scalerSpread, spec } = machine;
  const labelled = machine.counters[counter.labelled];
  for (let c = 0; c < spec.inputs; c++) {
    const x = inputs[at + c];
    if (Number.isNaN(x)) {
      scalerMissing[c] += 1;
      continue;
    }
    const seen = labelled - scalerMissing[c];
    const kind = spec.scale[c];
    if (kind === 'standard') {
      const difference = x - scalerCentre[c];
      scalerCentre[c] += difference / seen;
      scalerSpread[c] += difference * (x - scalerCentre[c]);
    } else if (kind === 'minmax') {
      if (seen === 1 || x < scalerCentre[c]) scalerCentre[c] = x;
      if (seen === 1 || x > scalerSpread[c]) scalerSpread[c] = x;
    } else {
      scalerCentre[c] += x;
    }
    refreshColumn(machine, c, seen);
  }
}

/** Derives shift and factor of a column, z = (x − shift)·factor, from its statistics. */
function refreshColumn(machine: Machine, c: number, seen: number): void {
  const { scaleShift, scaleFactor, spec } = machine;
  const centre = machine.scalerCentre[c];
  const spread = machine.scalerSpread[c];
  const kind = spec.scale[c];
  if (kind === 'none') {
    // What stands in for a missing value: the column's mean.
    scaleShift[c] = seen > 0 ? centre / seen : 0;
    return;
  }
  const width = kind === 'standard' ? (seen > 0 ? Math.sqrt(spread / seen) : 0) : spread - centre;
  scaleShift[c] = centre;
  scaleFactor[c] = width > 1e-150 ? 1 / width : 0;
}

/** Derives every column's shift and factor. */
export function refreshInputScaler(machine: Machine): void {
  const labelled = machine.counters[counter.labelled];
  for (let c = 0; c < machine.spec.inputs; c++) refreshColumn(machine, c, labelled - machine.scalerMissing[c]);
}

/** Scales raw inputs (from `at` in `inputs`) into `machine.scaled`; 0 while a column has not varied. */
export function scaleInputs(machine: Machine, inputs: Float32Array, at: number): void {
  const { scaled, scaleShift, scaleFactor, spec } = machine;
  const clip = spec.clipInputs === null ? Infinity : spec.clipInputs;
  for (let c = 0; c < spec.inputs; c++) {
    const x = inputs[at + c];
    if (spec.scale[c] === 'none') {
      scaled[c] = Number.isNaN(x) ? scaleShift[c] : x;
    } else {
      const z = Number.isNaN(x) ? 0 : (x - scaleShift[c]) * scaleFactor[c];
      scaled[c] = z > clip ? clip : Math.max(z, -clip);
    }
  }
}
