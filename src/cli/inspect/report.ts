// All that a checkpoint tells of itself: where it stands in the stream, what the model is like, and how well it does.

import { stat } from 'node:fs/promises';
import { type CheckpointMeta, parseCheckpointMeta } from '../../checkpoint/checkpoint.ts';
import { learnerSpecOf } from '../../checkpoint/learner-spec.ts';
import { loadCheckpoint } from '../../checkpoint/store.ts';
import { counter } from '../../kernels/counters.ts';
import { createLearner } from '../../learner/create-learner.ts';
import { findDeadUnits } from '../../learner/dead-units.ts';
import type { Learner } from '../../learner/learner.ts';
import type { MetricsReport } from '../../learner/metrics/report.ts';
import type { LayerReport } from '../../learner/network-report.ts';
import type { LearnerSpec } from '../../learner/spec.ts';
import type { StateTensor } from '../../learner/state.ts';
import { say } from '../console.ts';

/** A layer, and how many of its units are dead: null of the output layer, and where that cannot be told. */
export interface InspectedLayer extends LayerReport {
  readonly deadUnits: number | null;
}

/** An input column and how much it matters: mean |gradient × input|, and its share of the sum over all columns. */
export interface InputStrength {
  readonly name: string;
  readonly strength: number;
  readonly share: number;
}

/** The line of `--json`. */
export interface CheckpointReport
  extends Pick<
    CheckpointMeta,
    'name' | 'createdBy' | 'savedAt' | 'origin' | 'input' | 'positions' | 'counts' | 'marks' | 'network' | 'schema'
  > {
  readonly path: string;
  readonly bytes: number;
  /** Records dealt with since the beginning of the stream. */
  readonly sequence: number;
  readonly modelVersion: number;
  readonly weightsDigest: string;
  readonly layers: readonly InspectedLayer[];
  /** Samples of the rehearsal buffer that dead units were looked for with; null where there are none. */
  readonly deadUnitSamples: number | null;
  readonly optimizer: {
    readonly type: string;
    /** Of the next step. */
    readonly learningRate: number;
    /** Root mean square over the newest steps; null where the optimiser keeps no second moments. */
    readonly gradientNorm: number | null;
    /** Samples of the batch at hand, and of a full one. */
    readonly batch: { readonly filled: number; readonly size: number };
    readonly refusedSteps: number;
  };
  /** Samples that can be learnt again; null without rehearsal. */
  readonly rehearsal: { readonly buffered: number; readonly buffer: number; readonly until: number } | null;
  /** Strongest first; empty where none was looked at yet. */
  readonly inputs: readonly InputStrength[];
  readonly metrics: MetricsReport;
}

/** Reads a checkpoint, with nothing but the file. Throws MillraceError('checkpoint-damaged'). */
export async function inspectCheckpoint(path: string): Promise<CheckpointReport> {
  const loaded = await loadCheckpoint(path);
  const meta = parseCheckpointMeta(loaded.meta, path);
  const spec = learnerSpecOf(meta, loaded);
  const learner = createLearner(spec, { onFallback: say });
  learner.restore(loaded.tensors);
  const dead = findDeadUnits(spec, loaded.tensors);
  const { layers, learningRate, gradientNorm } = learner.network();
  const counters = countersOf(loaded.tensors);
  const { name, createdBy, savedAt, origin, input, positions, counts, marks, network, schema } = meta;
  return {
    path,
    bytes: (await stat(path)).size,
    ...{ name, createdBy, savedAt, origin, input, sequence: loaded.sequence, positions, counts, marks },
    ...{ modelVersion: meta.modelVersion, weightsDigest: meta.weightsDigest, network, schema },
    layers: layers.map((layer, l) => ({ ...layer, deadUnits: dead?.byLayer[l] ?? null })),
    deadUnitSamples: dead?.samples ?? null,
    optimizer: {
      ...{ type: spec.optimizer.type, learningRate, gradientNorm },
      batch: { filled: counters[counter.gradientCount], size: spec.batchSize },
      refusedSteps: learner.refusedSteps,
    },
    rehearsal: rehearsalOf(spec, counters),
    inputs: strengthsOf(learner, meta.columns),
    metrics: learner.metrics(),
  };
}

function countersOf(tensors: readonly StateTensor[]): Float64Array {
  const data = tensors.find(({ name }) => name === 'counters')?.data.slice();
  return new Float64Array(data?.buffer ?? new ArrayBuffer(0));
}

function rehearsalOf({ rehearsal }: LearnerSpec, counters: Float64Array): CheckpointReport['rehearsal'] {
  if (!rehearsal) return null;
  const { buffer, until } = rehearsal;
  return { buffered: Math.min(buffer, counters[counter.buffered]), buffer, until };
}

function strengthsOf(learner: Learner, columns: readonly string[]): InputStrength[] {
  const strengths = learner.inputStrengths() ?? new Float64Array(0);
  const sum = strengths.reduce((total, strength) => total + strength, 0);
  return Array.from(strengths, (strength, j) => ({
    name: columns[j] ?? `#${j}`,
    strength,
    share: sum > 0 ? strength / sum : 0,
  })).sort((a, b) => b.strength - a.strength);
}
