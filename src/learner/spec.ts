// Everything that defines a learner besides its samples. Two learners of one spec, fed the same samples, are bit-equal.

export type ActivationName = 'sigmoid' | 'tanh' | 'relu' | 'leaky-relu' | 'elu' | 'gelu' | 'softplus' | 'linear';
export type OutputActivation = 'linear' | 'sigmoid' | 'softmax';
export type LossName = 'squared' | 'huber' | 'cross-entropy';
export type TargetType = 'regression' | 'binary' | 'multiclass';
export type ScaleName = 'standard' | 'minmax' | 'none';

export type InitializerSpec =
  | { readonly type: 'fan-in' | 'xavier' | 'he' | 'zeros' }
  | { readonly type: 'uniform'; readonly low: number; readonly high: number };

/** Parameters given instead of drawn. weights [out × in], biases [out]. */
export interface GivenLayer {
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
}

export interface HiddenLayerSpec {
  readonly units: number;
  readonly activation: ActivationName;
  /** Probability of dropping a unit while learning, 0 to below 1 (inverted dropout; predictions never drop). */
  readonly dropout: number;
}

export type OptimizerSpec =
  | { readonly type: 'sgd'; readonly learningRate: number }
  | { readonly type: 'momentum' | 'nesterov'; readonly learningRate: number; readonly momentum: number }
  | {
      readonly type: 'adagrad';
      readonly learningRate: number;
      readonly epsilon: number;
      readonly initialAccumulator: number;
    }
  | { readonly type: 'rmsprop'; readonly learningRate: number; readonly alpha: number; readonly epsilon: number }
  | {
      readonly type: 'adam' | 'adamw';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

export type ScheduleSpec =
  | { readonly type: 'constant'; readonly warmUpSteps: number }
  /** rate / (1 + step/decaySteps)^power (Bottou 2012, section 5.2, with t0 folded into decaySteps). */
  | {
      readonly type: 'inverse-scaling';
      readonly power: number;
      readonly decaySteps: number;
      readonly warmUpSteps: number;
    }
  /** rate · factor^⌊step/everySteps⌋. */
  | { readonly type: 'step'; readonly factor: number; readonly everySteps: number; readonly warmUpSteps: number }
  /** From rate to rate·minimumRatio over `steps` along half a cosine, then flat (Loshchilov & Hutter 2017, one cycle). */
  | { readonly type: 'cosine'; readonly steps: number; readonly minimumRatio: number; readonly warmUpSteps: number };

export interface RegularizationSpec {
  readonly l1: number;
  /** Coupled: added to the gradient as weightDecay·θ, as PyTorch's `weight_decay` of every optimiser but AdamW. */
  readonly l2: number;
  /** Decoupled: θ *= 1 − rate·weightDecay before the update (AdamW). */
  readonly weightDecay: number;
  /** What l1, l2 and weightDecay act on. */
  readonly applyTo: 'weights' | 'all';
}

export interface RehearsalSpec {
  /** Earlier samples learnt again after each new one, before tapering. */
  readonly perSample: number;
  /** How many of the newest samples are kept to draw from. */
  readonly buffer: number;
  /** The labelled sample at which the number has tapered (linearly) to 0. */
  readonly until: number;
}

export interface LearnerSpec {
  readonly inputs: number;
  /** Output units: 1 for binary, the number of classes for multiclass, the number of values for regression. */
  readonly outputs: number;
  readonly target: TargetType;
  readonly hidden: readonly HiddenLayerSpec[];
  readonly outputActivation: OutputActivation;
  readonly loss: LossName;
  readonly optimizer: OptimizerSpec;
  readonly schedule: ScheduleSpec;
  readonly regularization: RegularizationSpec;
  /** Largest Euclidean norm of the whole gradient, or null. */
  readonly clipNorm: number | null;
  /** Labelled samples for each optimiser step. */
  readonly batchSize: number;
  readonly batchReduction: 'mean' | 'sum';
  readonly initializer: InitializerSpec;
  /** One for each layer, first hidden first; null to draw. */
  readonly initialParameters: readonly GivenLayer[] | null;
  readonly seed: number;
  /** How each input column is scaled. [inputs] */
  readonly scale: readonly ScaleName[];
  /** Scaled inputs are clipped to ± this; null for no clip. Columns with scale `none` are never clipped. */
  readonly clipInputs: number | null;
  /** Regression only: learn (y − mean)/sd of the targets so far instead of y. */
  readonly standardizeTarget: boolean;
  readonly rehearsal: RehearsalSpec | null;
  /** Factor on the gradient by class; null for 1. [classes] */
  readonly classWeights: readonly number[] | null;
  /** Samples in the sliding metric window. */
  readonly metricsWindow: number;
  /** Fading factor of the fading metrics, just below 1 (Gama, Sebastião & Rodrigues 2013). */
  readonly metricsFading: number;
}
