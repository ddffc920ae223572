// What to compute and where it lies, read once from the `program` region into globals.

import * as slot from '../program-slots';

export let program: usize = 0;

export let layers: i32 = 0;
export let inputs: i32 = 0;
export let outputs: i32 = 0;
export let targets: i32 = 0;
export let target: i32 = 0;
export let outputActivation: i32 = 0;
export let loss: i32 = 0;
export let direct: bool = false;
export let drops: bool = false;
export let standardize: bool = false;
export let classWeighted: bool = false;
export let clipInputs: f64 = 0;
export let batchSize: i32 = 0;
export let batchShare: f64 = 0;
export let parameterCount: i32 = 0;
export let scaleAll: i32 = 0;

export let counters: usize = 0;
export let scalerMissing: usize = 0;
export let scalerCentre: usize = 0;
export let scalerSpread: usize = 0;
export let targetMean: usize = 0;
export let targetSpread: usize = 0;
export let parameters: usize = 0;
export let moment1: usize = 0;
export let moment2: usize = 0;
export let gradient: usize = 0;
export let rehearsalInputs: usize = 0;
export let rehearsalTargets: usize = 0;
export let rehearsalWeights: usize = 0;
export let scaleShift: usize = 0;
export let scaleFactor: usize = 0;
export let scaleKind: usize = 0;
export let classWeights: usize = 0;
export let backup: usize = 0;
export let blockInputs: usize = 0;
export let blockTargets: usize = 0;
export let blockLabelled: usize = 0;
export let blockWeights: usize = 0;
export let blockOutputs: usize = 0;
export let blockLosses: usize = 0;
export let blockVersions: usize = 0;
export let scratch: usize = 0;
export let attribution: usize = 0;

/** A number of the program. */
@inline
export function setting(index: i32): f64 {
  return load<f64>(program + (<usize>index << 3));
}

@inline
function whole(index: i32): i32 {
  return <i32>setting(index);
}

@inline
function address(index: i32): usize {
  return <usize>setting(index);
}

/** A number of layer l. */
@inline
export function layerSetting(l: i32, index: i32): f64 {
  return setting(slot.LAYER_TABLE + l * slot.LAYER_SLOTS + index);
}

function readRegions(): void {
  counters = address(slot.REGION_COUNTERS);
  scalerMissing = address(slot.REGION_SCALER_MISSING);
  scalerCentre = address(slot.REGION_SCALER_CENTRE);
  scalerSpread = address(slot.REGION_SCALER_SPREAD);
  targetMean = address(slot.REGION_TARGET_MEAN);
  targetSpread = address(slot.REGION_TARGET_SPREAD);
  parameters = address(slot.REGION_PARAMETERS);
  moment1 = address(slot.REGION_MOMENT1);
  moment2 = address(slot.REGION_MOMENT2);
  gradient = address(slot.REGION_GRADIENT);
  rehearsalInputs = address(slot.REGION_REHEARSAL_INPUTS);
  rehearsalTargets = address(slot.REGION_REHEARSAL_TARGETS);
  rehearsalWeights = address(slot.REGION_REHEARSAL_WEIGHTS);
  scaleShift = address(slot.REGION_SCALE_SHIFT);
  scaleFactor = address(slot.REGION_SCALE_FACTOR);
  scaleKind = address(slot.REGION_SCALE_KIND);
  classWeights = address(slot.REGION_CLASS_WEIGHTS);
  backup = address(slot.REGION_BACKUP);
  blockInputs = address(slot.REGION_BLOCK_INPUTS);
  blockTargets = address(slot.REGION_BLOCK_TARGETS);
  blockLabelled = address(slot.REGION_BLOCK_LABELLED);
  blockWeights = address(slot.REGION_BLOCK_WEIGHTS);
  blockOutputs = address(slot.REGION_BLOCK_OUTPUTS);
  blockLosses = address(slot.REGION_BLOCK_LOSSES);
  blockVersions = address(slot.REGION_BLOCK_VERSIONS);
  scratch = address(slot.REGION_SCRATCH);
  attribution = address(slot.REGION_ATTRIBUTION);
}

/** Reads the program at `at`. */
export function readProgram(at: usize): void {
  program = at;
  layers = whole(slot.LAYERS);
  inputs = whole(slot.INPUTS);
  outputs = whole(slot.OUTPUTS);
  targets = whole(slot.TARGETS);
  target = whole(slot.TARGET);
  outputActivation = whole(slot.OUTPUT_ACTIVATION);
  loss = whole(slot.LOSS);
  direct = whole(slot.DIRECT) != 0;
  drops = whole(slot.DROPS) != 0;
  standardize = whole(slot.STANDARDIZE) != 0;
  classWeighted = whole(slot.CLASS_WEIGHTED) != 0;
  clipInputs = setting(slot.CLIP_INPUTS);
  batchSize = whole(slot.BATCH_SIZE);
  batchShare = setting(slot.BATCH_SHARE);
  parameterCount = whole(slot.PARAMETER_COUNT);
  scaleAll = whole(slot.SCALE_ALL);
  readRegions();
}

// Counters of the state, as ../counters.ts numbers them.
export const STEPS: usize = 0;
export const LABELLED: usize = 8;
export const GRADIENT_COUNT: usize = 16;
export const RANDOM: usize = 24;
export const REFUSED: usize = 32;
export const BUFFERED: usize = 40;
export const BETA1_POWER: usize = 48;
export const BETA2_POWER: usize = 56;
export const ATTRIBUTED: usize = 64;

/** A counter, by its byte offset. */
@inline
export function count(offset: usize): f64 {
  return load<f64>(counters + offset);
}

@inline
export function setCount(offset: usize, value: f64): void {
  store<f64>(counters + offset, value);
}
