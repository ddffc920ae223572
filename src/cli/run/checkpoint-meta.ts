// What a checkpoint says besides its arrays, written from a run and read back into one.

import type { CheckpointMeta } from '../../checkpoint/checkpoint.ts';
import { positionsToMeta } from '../../checkpoint/checkpoint.ts';
import type { ExpectedCheckpoint } from '../../checkpoint/compare.ts';
import { networkName } from '../../config/resolve.ts';
import type { LearnerSpec, ScaleName } from '../../learner/spec.ts';
import type { FoldSnapshot } from '../../pipeline/fold.ts';
import type { CommitMarks, InputIdentity } from '../../pipeline/ports.ts';
import { type BoundSchema, columnNames, numericFeature, type SchemaSpec } from '../../sample/schema.ts';
import { version } from '../../version.ts';

/** Records over the model's life. */
export type LifeCounts = CheckpointMeta['counts'];

/** What the configuration expects of a checkpoint that it resumes. */
export function expectedCheckpoint(origin: string, spec: LearnerSpec, schema: BoundSchema): ExpectedCheckpoint {
  const { inputs: _inputs, outputs: _outputs, initialParameters, ...rest } = spec;
  const fold = { ...rest, initialParameters: initialParameters !== null };
  return { origin, network: networkName(spec), schema: schemaLines(schema), fold: JSON.parse(JSON.stringify(fold)) };
}

/** The metadata of a snapshot. */
export function checkpointMeta(options: {
  readonly name: string;
  readonly expected: ExpectedCheckpoint;
  readonly snapshot: FoldSnapshot;
  readonly marks: CommitMarks;
  readonly counts: LifeCounts;
  readonly input: InputIdentity | null;
  readonly outputs: CheckpointMeta['outputs'];
  readonly savedAt: Date;
}): CheckpointMeta {
  const { name, expected, snapshot, marks, counts, input, outputs, savedAt } = options;
  return {
    createdBy: version,
    name,
    ...expected,
    input,
    outputs,
    features: snapshot.schema.features.map((feature) => feature.name),
    columns: columnNames(snapshot.schema),
    positions: positionsToMeta(snapshot.positions),
    counts,
    marks: { ...marks },
    modelVersion: snapshot.modelVersion,
    weightsDigest: snapshot.weightsDigest,
    savedAt: savedAt.toISOString(),
  };
}

/** The schema that a checkpoint was learnt with: inferred features come back by name, in their order. */
export function schemaOf(meta: CheckpointMeta, spec: SchemaSpec, scale: ScaleName): BoundSchema {
  return { ...spec, features: spec.features ?? meta.features.map((name) => numericFeature(name, scale)) };
}

function schemaLines(schema: BoundSchema): string[] {
  const { type, from, classes } = schema.target;
  const features = schema.features.map(({ name, type: kind, missing, ...rest }) => {
    const { from: path, ...details } = rest;
    return `${name}: ${kind} ${JSON.stringify({ from: path, missing, ...details })}`;
  });
  return [...features, `target ${from.join(', ')}: ${type} ${JSON.stringify(classes)}`];
}
