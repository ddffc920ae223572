// From the configuration's words to what sample/ and learner/ work with.

import { MillraceError } from '../errors.ts';
import type { GivenLayer, HiddenLayerSpec, LearnerSpec, RegularizationSpec } from '../learner/spec.ts';
import { type BoundSchema, columnScales, type FeatureSpec, outputWidth, type SchemaSpec } from '../sample/schema.ts';
import { type Config, defaultActivation, defaultLoss } from './schema.ts';

/** The sample's schema, its features open where the config leaves them out. */
export function schemaSpec({ schema, model }: Config): SchemaSpec {
  const { type, from, classes } = schema.target;
  const features = schema.features?.map((feature): FeatureSpec => {
    const base = { name: feature.name, from: feature.from ?? null, missing: feature.missing };
    if (feature.type === 'boolean') return { ...base, type: 'boolean' };
    if (feature.type === 'categorical')
      return { ...base, type: 'categorical', values: feature.values ?? null, buckets: feature.buckets ?? null };
    const { scale = model.scale, min = null, max = null } = feature;
    return { ...base, type: 'numeric', scale, min, max };
  });
  return {
    features: features ?? null,
    target: { type, from, classes: classes ?? (type === 'binary' ? [0, 1] : []) },
    weight: schema.weight ?? null,
  };
}

/** The learner for a schema whose features are known. Throws MillraceError where given parameters do not fit. */
export function learnerSpec({ model, metrics }: Config, schema: BoundSchema): LearnerSpec {
  const scale = columnScales(schema);
  const outputs = outputWidth(schema.target);
  const target = schema.target.type;
  const { hidden } = model;
  return {
    inputs: scale.length,
    outputs,
    target,
    hidden,
    outputActivation: model.outputActivation ?? defaultActivation(target),
    loss: model.loss ?? defaultLoss(target),
    optimizer: model.optimizer,
    schedule: model.schedule,
    regularization: regularization(model),
    clipNorm: model.clipNorm ?? null,
    batchSize: model.batchSize,
    batchReduction: model.batchReduction,
    initializer: model.initializer,
    initialParameters: model.initialParameters
      ? checkGiven(model.initialParameters, [
          scale.length,
          ...hidden.map((layer: HiddenLayerSpec) => layer.units),
          outputs,
        ])
      : null,
    seed: model.seed,
    scale,
    clipInputs: model.clipInputs === false ? null : model.clipInputs,
    standardizeTarget: target === 'regression' && model.standardizeTarget,
    rehearsal: model.rehearsal === false ? null : model.rehearsal,
    classWeights: model.classWeights ?? null,
    metricsWindow: metrics.window,
    metricsFading: metrics.fading,
  };
}

function regularization(model: Config['model']): RegularizationSpec {
  const { l1, l2, weightDecay, decayBiases } = model;
  return { l1, l2, weightDecay, applyTo: decayBiases ? 'all' : 'weights' };
}

function checkGiven(given: readonly GivenLayer[], sizes: readonly number[]): readonly GivenLayer[] {
  const has = given.map(({ weights, biases }) => `${weights.length} × ${weights[0]?.length ?? 0} and ${biases.length}`);
  const wants = sizes.slice(1).map((out, layer) => `${out} × ${sizes[layer]} and ${out}`);
  const ragged = given.some(({ weights }) => weights.some((row) => row.length !== weights[0].length));
  if (has.join() !== wants.join() || ragged)
    throw new MillraceError(
      'config-invalid',
      `model.initialParameters does not fit the network: it has weights and biases of ${has.join('; ')}, ` +
        `the network needs ${wants.join('; ')}`,
    );
  return given;
}

/** The network in words, as checkpoints and messages give it: `9-32 relu-1 sigmoid`. */
export function networkName(spec: LearnerSpec): string {
  const hidden = spec.hidden.map((layer) => `-${layer.units} ${layer.activation}`).join('');
  return `${spec.inputs}${hidden}-${spec.outputs} ${spec.outputActivation}`;
}
