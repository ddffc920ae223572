// Where everything lies in a kernel's memory: one plan, computed from the spec, that both kernels and snapshots share.
// Parameters, moments and running gradient have one inner layout: for each layer weights [out × in padded to 4], biases.

import type { ActivationName, LearnerSpec, OutputActivation } from '../learner/spec.ts';
import { counterCount } from './counters.ts';
import { LAYER_SLOTS, LAYER_TABLE } from './program-slots.ts';

/** A run of elements: byte offset (a multiple of 16) and length in elements. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** One dense layer; `weights` and `biases` index floats within the parameters (and moments, and gradient). */
export interface LayerLayout {
  readonly inputs: number;
  readonly outputs: number;
  /** Row length of the weights: inputs rounded up to a multiple of 4; the padding is always 0. */
  readonly stride: number;
  readonly outputsPadded: number;
  readonly weights: number;
  readonly biases: number;
  readonly activation: ActivationName | OutputActivation;
  readonly dropout: number;
}

export interface Layout {
  readonly inputs: number;
  readonly outputs: number;
  /** Values in a sample's label: 1 for multiclass, else outputs. */
  readonly targets: number;
  /** Samples in a call at most. */
  readonly capacity: number;
  readonly layers: readonly LayerLayout[];
  /** Whether a step reads the gradient of one sample directly, without a running gradient in the state. */
  readonly direct: boolean;
  /** Moments that the optimiser keeps: 0, 1 or 2 (adagrad and rmsprop keep only the second, the squares). */
  readonly firstMoment: boolean;
  readonly secondMoment: boolean;
  readonly regions: Readonly<Record<RegionName, Region>>;
  /** Bytes of memory needed. */
  readonly bytes: number;
}

export type RegionName =
  // state
  | 'counters'
  | 'scalerMissing'
  | 'scalerCentre'
  | 'scalerSpread'
  | 'targetMean'
  | 'targetSpread'
  | 'attribution'
  | 'parameters'
  | 'moment1'
  | 'moment2'
  | 'gradient'
  | 'rehearsalInputs'
  | 'rehearsalTargets'
  | 'rehearsalWeights'
  // derived
  | 'scaleShift'
  | 'scaleFactor'
  | 'scaleKind'
  | 'classWeights'
  | 'backup'
  // block
  | 'blockInputs'
  | 'blockTargets'
  | 'blockLabelled'
  | 'blockWeights'
  | 'blockOutputs'
  | 'blockLosses'
  | 'blockVersions'
  // room for the WebAssembly kernel's own tables and activations
  | 'program'
  | 'scratch';

/** Samples that the WebAssembly kernel carries through the layers together. */
export const tileSamples = 32;

/** Bytes kept free below the first region. */
const reservedBytes = 1024;

/** n rounded up to a multiple of 4. */
export function pad4(n: number): number {
  return (n + 3) & ~3;
}

/** Whether plain SGD can subtract each sample's gradient at once: no batch, penalty, decay or clipping stands between. */
function isDirect(spec: LearnerSpec): boolean {
  const { l1, l2, weightDecay } = spec.regularization;
  const plain = l1 === 0 && l2 === 0 && weightDecay === 0 && spec.clipNorm === null;
  return spec.optimizer.type === 'sgd' && spec.batchSize === 1 && plain;
}

function createLayers(spec: LearnerSpec): LayerLayout[] {
  const layers: LayerLayout[] = [];
  let inputs = spec.inputs;
  let next = 0;
  const add = (outputs: number, activation: LayerLayout['activation'], dropout: number): void => {
    const stride = pad4(inputs);
    const biases = next + stride * outputs;
    const outputsPadded = pad4(outputs);
    layers.push({ inputs, outputs, stride, outputsPadded, weights: next, biases, activation, dropout });
    next = biases + outputsPadded;
    inputs = outputs;
  };
  for (const layer of spec.hidden) add(layer.units, layer.activation, layer.dropout);
  add(spec.outputs, spec.outputActivation, 0);
  return layers;
}

/** Floats of parameters, padding included. */
export function parameterCount(layers: readonly LayerLayout[]): number {
  const last = layers[layers.length - 1];
  return last.biases + last.outputsPadded;
}

/** Bytes of the WebAssembly kernel's scratch memory; assembly/layers.ts lays it out. */
function scratchBytes(inputs: number, layers: readonly LayerLayout[]): number {
  const widest = Math.max(...layers.map(({ outputsPadded }) => outputsPadded));
  const perLayer = layers.reduce((sum, { outputsPadded }) => sum + 64 + outputsPadded * 4 * (4 * tileSamples + 1), 16);
  const statistics = pad4(inputs) * (24 + 4) + widest * 16;
  return tileSamples * (4 * pad4(inputs) + 4) + perLayer + 32 * widest + statistics + widest * (tileSamples + 2) * 8;
}

/** Plans the memory of a learner. */
export function createLayout(spec: LearnerSpec): Layout {
  const layers = createLayers(spec);
  const parameters = parameterCount(layers);
  const direct = isDirect(spec);
  const kind = spec.optimizer.type;
  const firstMoment = kind === 'momentum' || kind === 'nesterov' || kind === 'adam' || kind === 'adamw';
  const secondMoment = kind === 'adagrad' || kind === 'rmsprop' || kind === 'adam' || kind === 'adamw';
  const targets = spec.target === 'multiclass' ? 1 : spec.outputs;
  const capacity = Math.max(32, Math.min(1024, Math.floor(262144 / spec.inputs)));
  const standardised = spec.standardizeTarget ? spec.outputs : 0;
  const buffer = spec.rehearsal ? spec.rehearsal.buffer : 0;
  const moments = (firstMoment ? parameters : 0) + (secondMoment ? parameters : 0);

  let next = reservedBytes;
  const place = (length: number, elementBytes: number): Region => {
    const region = { offset: next, length };
    next += Math.ceil((length * elementBytes) / 16) * 16;
    return region;
  };
  const regions = {
    counters: place(counterCount, 8),
    scalerMissing: place(spec.inputs, 8),
    scalerCentre: place(spec.inputs, 8),
    scalerSpread: place(spec.inputs, 8),
    targetMean: place(standardised, 8),
    targetSpread: place(standardised, 8),
    attribution: place(spec.inputs, 8),
    parameters: place(parameters, 4),
    moment1: place(firstMoment ? parameters : 0, 4),
    moment2: place(secondMoment ? parameters : 0, 4),
    gradient: place(direct ? 0 : parameters, 4),
    rehearsalInputs: place(buffer * spec.inputs, 4),
    rehearsalTargets: place(buffer * targets, 4),
    rehearsalWeights: place(buffer, 4),
    scaleShift: place(pad4(spec.inputs), 8),
    scaleFactor: place(pad4(spec.inputs), 8),
    scaleKind: place(spec.inputs, 1),
    classWeights: place(spec.classWeights ? spec.classWeights.length : 0, 8),
    backup: place(parameters + moments, 4),
    blockInputs: place(capacity * spec.inputs, 4),
    blockTargets: place(capacity * targets, 4),
    blockLabelled: place(capacity, 1),
    blockWeights: place(capacity, 4),
    blockOutputs: place(capacity * spec.outputs, 4),
    blockLosses: place(capacity, 4),
    blockVersions: place(capacity, 8),
    program: place(LAYER_TABLE + LAYER_SLOTS * layers.length, 8),
    scratch: place(scratchBytes(spec.inputs, layers), 1),
  } satisfies Record<RegionName, Region>;
  return {
    inputs: spec.inputs,
    outputs: spec.outputs,
    targets,
    capacity,
    layers,
    direct,
    firstMoment,
    secondMoment,
    regions,
    bytes: next,
  };
}
