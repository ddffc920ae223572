// Tells the WebAssembly kernel what to compute: the spec and the layout as the numbers of the `program` region.

import type {
  ActivationName,
  LearnerSpec,
  LossName,
  OutputActivation,
  ScaleName,
  TargetType,
} from '../../learner/spec.ts';
import type { Layout, RegionName } from '../layout.ts';
import { parameterCount } from '../layout.ts';
import * as slot from '../program-slots.ts';

const targetCodes: Readonly<Record<TargetType, number>> = {
  regression: slot.TARGET_REGRESSION,
  binary: slot.TARGET_BINARY,
  multiclass: slot.TARGET_MULTICLASS,
};

const activationCodes: Readonly<Record<ActivationName | OutputActivation, number>> = {
  linear: slot.ACTIVATION_LINEAR,
  relu: slot.ACTIVATION_RELU,
  'leaky-relu': slot.ACTIVATION_LEAKY_RELU,
  sigmoid: slot.ACTIVATION_SIGMOID,
  tanh: slot.ACTIVATION_TANH,
  elu: slot.ACTIVATION_ELU,
  gelu: slot.ACTIVATION_GELU,
  softplus: slot.ACTIVATION_SOFTPLUS,
  softmax: slot.ACTIVATION_SOFTMAX,
};

const lossCodes: Readonly<Record<LossName, number>> = {
  squared: slot.LOSS_SQUARED,
  huber: slot.LOSS_HUBER,
  'cross-entropy': slot.LOSS_CROSS_ENTROPY,
};

const scaleCodes: Readonly<Record<ScaleName, number>> = {
  standard: slot.SCALE_STANDARD,
  minmax: slot.SCALE_MINMAX,
  none: slot.SCALE_NONE,
};

const regionSlots: readonly (readonly [RegionName, number])[] = [
  ['counters', slot.REGION_COUNTERS],
  ['scalerMissing', slot.REGION_SCALER_MISSING],
  ['scalerCentre', slot.REGION_SCALER_CENTRE],
  ['scalerSpread', slot.REGION_SCALER_SPREAD],
  ['targetMean', slot.REGION_TARGET_MEAN],
  ['targetSpread', slot.REGION_TARGET_SPREAD],
  ['parameters', slot.REGION_PARAMETERS],
  ['moment1', slot.REGION_MOMENT1],
  ['moment2', slot.REGION_MOMENT2],
  ['gradient', slot.REGION_GRADIENT],
  ['rehearsalInputs', slot.REGION_REHEARSAL_INPUTS],
  ['rehearsalTargets', slot.REGION_REHEARSAL_TARGETS],
  ['rehearsalWeights', slot.REGION_REHEARSAL_WEIGHTS],
  ['scaleShift', slot.REGION_SCALE_SHIFT],
  ['scaleFactor', slot.REGION_SCALE_FACTOR],
  ['scaleKind', slot.REGION_SCALE_KIND],
  ['classWeights', slot.REGION_CLASS_WEIGHTS],
  ['backup', slot.REGION_BACKUP],
  ['blockInputs', slot.REGION_BLOCK_INPUTS],
  ['blockTargets', slot.REGION_BLOCK_TARGETS],
  ['blockLabelled', slot.REGION_BLOCK_LABELLED],
  ['blockWeights', slot.REGION_BLOCK_WEIGHTS],
  ['blockOutputs', slot.REGION_BLOCK_OUTPUTS],
  ['blockLosses', slot.REGION_BLOCK_LOSSES],
  ['blockVersions', slot.REGION_BLOCK_VERSIONS],
  ['scratch', slot.REGION_SCRATCH],
  ['attribution', slot.REGION_ATTRIBUTION],
];

function writeOptimizer(program: Float64Array, { optimizer }: LearnerSpec): void {
  program[slot.LEARNING_RATE] = optimizer.learningRate;
  switch (optimizer.type) {
    case 'sgd':
      program[slot.OPTIMIZER] = slot.OPTIMIZER_SGD;
      break;
    case 'momentum':
    case 'nesterov':
      program[slot.OPTIMIZER] = optimizer.type === 'momentum' ? slot.OPTIMIZER_MOMENTUM : slot.OPTIMIZER_NESTEROV;
      program[slot.MOMENTUM] = optimizer.momentum;
      break;
    case 'adagrad':
      program[slot.OPTIMIZER] = slot.OPTIMIZER_ADAGRAD;
      program[slot.EPSILON] = optimizer.epsilon;
      break;
    case 'rmsprop':
      program[slot.OPTIMIZER] = slot.OPTIMIZER_RMSPROP;
      program[slot.ALPHA] = optimizer.alpha;
      program[slot.EPSILON] = optimizer.epsilon;
      break;
    default:
      program[slot.OPTIMIZER] = slot.OPTIMIZER_ADAM;
      program[slot.BETA1] = optimizer.beta1;
      program[slot.BETA2] = optimizer.beta2;
      program[slot.EPSILON] = optimizer.epsilon;
  }
}

function writeSchedule(program: Float64Array, { schedule }: LearnerSpec): void {
  program[slot.WARM_UP_STEPS] = schedule.warmUpSteps;
  switch (schedule.type) {
    case 'constant':
      program[slot.SCHEDULE] = slot.SCHEDULE_CONSTANT;
      break;
    case 'inverse-scaling':
      program[slot.SCHEDULE] = slot.SCHEDULE_INVERSE_SCALING;
      program[slot.POWER] = schedule.power;
      program[slot.DECAY_STEPS] = schedule.decaySteps;
      break;
    case 'step':
      program[slot.SCHEDULE] = slot.SCHEDULE_STEP;
      program[slot.FACTOR] = schedule.factor;
      program[slot.DECAY_STEPS] = schedule.everySteps;
      break;
    default:
      program[slot.SCHEDULE] = slot.SCHEDULE_COSINE;
      program[slot.DECAY_STEPS] = schedule.steps;
      program[slot.MINIMUM_RATIO] = schedule.minimumRatio;
  }
}

function writeLayers(program: Float64Array, { layers }: Layout): void {
  layers.forEach((layer, l) => {
    const at = slot.LAYER_TABLE + l * slot.LAYER_SLOTS;
    program[at + slot.LAYER_INPUTS] = layer.inputs;
    program[at + slot.LAYER_OUTPUTS] = layer.outputs;
    program[at + slot.LAYER_WEIGHTS] = layer.weights;
    program[at + slot.LAYER_BIASES] = layer.biases;
    program[at + slot.LAYER_ACTIVATION] = activationCodes[layer.activation];
    program[at + slot.LAYER_DROPOUT] = layer.dropout;
  });
}

/** One code where all columns are scaled alike, else SCALE_MIXED. */
function commonScale(scale: readonly ScaleName[]): number {
  return scale.every((name) => name === scale[0]) ? scaleCodes[scale[0]] : slot.SCALE_MIXED;
}

/** Writes the program, each column's scale and the class weights into a kernel's fresh memory. */
export function writeProgram(buffer: ArrayBufferLike, spec: LearnerSpec, layout: Layout): void {
  const { regions } = layout;
  const program = new Float64Array(buffer, regions.program.offset, regions.program.length);
  program[slot.LAYERS] = layout.layers.length;
  program[slot.INPUTS] = layout.inputs;
  program[slot.OUTPUTS] = layout.outputs;
  program[slot.TARGETS] = layout.targets;
  program[slot.TARGET] = targetCodes[spec.target];
  program[slot.OUTPUT_ACTIVATION] = activationCodes[spec.outputActivation];
  program[slot.LOSS] = lossCodes[spec.loss];
  program[slot.DIRECT] = layout.direct ? 1 : 0;
  program[slot.DROPS] = spec.hidden.some(({ dropout }) => dropout > 0) ? 1 : 0;
  program[slot.STANDARDIZE] = spec.standardizeTarget ? 1 : 0;
  program[slot.CLASS_WEIGHTED] = spec.classWeights === null ? 0 : 1;
  program[slot.CLIP_INPUTS] = spec.clipInputs === null ? Number.POSITIVE_INFINITY : spec.clipInputs;
  program[slot.BATCH_SIZE] = spec.batchSize;
  program[slot.BATCH_SHARE] = spec.batchReduction === 'mean' ? 1 / spec.batchSize : 1;
  program[slot.L1] = spec.regularization.l1;
  program[slot.L2] = spec.regularization.l2;
  program[slot.WEIGHT_DECAY] = spec.regularization.weightDecay;
  program[slot.APPLY_TO_ALL] = spec.regularization.applyTo === 'all' ? 1 : 0;
  program[slot.CLIP_NORM] = spec.clipNorm ?? 0;
  program[slot.PER_SAMPLE] = spec.rehearsal?.perSample ?? 0;
  program[slot.BUFFER] = spec.rehearsal?.buffer ?? 0;
  program[slot.UNTIL] = spec.rehearsal?.until ?? 0;
  program[slot.SEED] = spec.seed;
  program[slot.PARAMETER_COUNT] = parameterCount(layout.layers);
  program[slot.FIRST_MOMENT] = layout.firstMoment ? 1 : 0;
  program[slot.SECOND_MOMENT] = layout.secondMoment ? 1 : 0;
  program[slot.SCALE_ALL] = commonScale(spec.scale);
  writeOptimizer(program, spec);
  writeSchedule(program, spec);
  writeLayers(program, layout);
  for (const [name, at] of regionSlots) program[at] = regions[name].offset;
  new Uint8Array(buffer, regions.scaleKind.offset, spec.inputs).set(spec.scale.map((name) => scaleCodes[name]));
  new Float64Array(buffer, regions.classWeights.offset, regions.classWeights.length).set(spec.classWeights ?? []);
}
