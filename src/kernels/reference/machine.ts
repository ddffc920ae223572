// The reference kernel's working set: typed-array views on its one memory, and room for one sample on its way.
// All arrays are preallocated and overwritten sample by sample; only regions named as state in layout.ts persist.

import type { LearnerSpec } from '../../learner/spec.ts';
import type { Layout, Region } from '../layout.ts';
import { pad4 } from '../layout.ts';

/** One layer's values for the sample at hand, padded with zeros to a multiple of 4. */
export interface LayerValues {
  /** z = W·a + b. */
  readonly logits: Float32Array;
  /** f(z), before dropout; the same array as `activations` where the layer drops nothing. */
  readonly responses: Float32Array;
  /** What the next layer reads. */
  readonly activations: Float32Array;
  /** ∂E/∂z. */
  readonly deltas: Float32Array;
  /** Dropout: 0, or 1/(1 − p) for a kept unit; all 1 while predicting. */
  readonly keep: Float32Array;
}

/** Upper bounds on what is stored, so that a step need not look at every number; see bounds.ts. Derived, not state. */
export interface Bounds {
  parameters: number;
  moment1: number;
  moment2: number;
  gradient: number;
}

export interface Machine {
  readonly spec: LearnerSpec;
  readonly layout: Layout;
  readonly buffer: ArrayBuffer;
  readonly counters: Float64Array;
  readonly scalerMissing: Float64Array;
  readonly scalerCentre: Float64Array;
  readonly scalerSpread: Float64Array;
  readonly scaleShift: Float64Array;
  readonly scaleFactor: Float64Array;
  readonly targetMean: Float64Array;
  readonly targetSpread: Float64Array;
  readonly attribution: Float64Array;
  readonly parameters: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
  readonly gradient: Float32Array;
  readonly backup: Float32Array;
  readonly rehearsalInputs: Float32Array;
  readonly rehearsalTargets: Float32Array;
  readonly rehearsalWeights: Float32Array;
  /** Scaled inputs of the sample at hand, padded. */
  readonly scaled: Float32Array;
  readonly values: readonly LayerValues[];
  /** ∂E/∂ŷ and ŷ of the output units, in float64. */
  readonly slopes: Float64Array;
  readonly probabilities: Float64Array;
  readonly bounds: Bounds;
}

/** Views of a region, by element type. */
export function float32View(buffer: ArrayBuffer, region: Region): Float32Array {
  return new Float32Array(buffer, region.offset, region.length);
}

export function float64View(buffer: ArrayBuffer, region: Region): Float64Array {
  return new Float64Array(buffer, region.offset, region.length);
}

/** Lays the views over a fresh memory. */
export function createMachine(spec: LearnerSpec, layout: Layout): Machine {
  const buffer = new ArrayBuffer(layout.bytes);
  const { regions } = layout;
  const float32 = (region: Region): Float32Array => float32View(buffer, region);
  const float64 = (region: Region): Float64Array => float64View(buffer, region);
  const values = layout.layers.map(({ outputsPadded, dropout }) => {
    const responses = new Float32Array(outputsPadded);
    return {
      logits: new Float32Array(outputsPadded),
      responses,
      activations: dropout === 0 ? responses : new Float32Array(outputsPadded),
      deltas: new Float32Array(outputsPadded),
      keep: new Float32Array(outputsPadded).fill(1),
    };
  });
  return {
    spec,
    layout,
    buffer,
    counters: float64(regions.counters),
    scalerMissing: float64(regions.scalerMissing),
    scalerCentre: float64(regions.scalerCentre),
    scalerSpread: float64(regions.scalerSpread),
    scaleShift: float64(regions.scaleShift),
    scaleFactor: float64(regions.scaleFactor),
    targetMean: float64(regions.targetMean),
    targetSpread: float64(regions.targetSpread),
    attribution: float64(regions.attribution),
    parameters: float32(regions.parameters),
    moment1: float32(regions.moment1),
    moment2: float32(regions.moment2),
    gradient: float32(regions.gradient),
    backup: float32(regions.backup),
    rehearsalInputs: float32(regions.rehearsalInputs),
    rehearsalTargets: float32(regions.rehearsalTargets),
    rehearsalWeights: float32(regions.rehearsalWeights),
    scaled: new Float32Array(pad4(spec.inputs)),
    values,
    slopes: new Float64Array(spec.outputs),
    probabilities: new Float64Array(spec.outputs),
    bounds: { parameters: 0, moment1: 0, moment2: 0, gradient: 0 },
  };
}
