// A golden case as its file gives it (format `mlp-golden/1`), read and checked.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MillraceError, messageOf } from '../../src/errors.ts';

const matrix = z.array(z.array(z.number()));
const layerValues = z.object({ weights: matrix, biases: z.array(z.number()) });

const step = z.object({
  outputs: matrix,
  loss: z.number(),
  penalty: z.number().optional(),
  gradNorm: z.number().optional(),
  clipScale: z.number().optional(),
});

const goldenCase = z.object({
  format: z.literal('mlp-golden/1'),
  name: z.string(),
  dtype: z.enum(['float64', 'float32']),
  layers: z.array(z.looseObject({ in: z.number(), out: z.number(), activation: z.string() })).min(1),
  initial: z.array(layerValues),
  loss: z.string(),
  lossParams: z.record(z.string(), z.unknown()).optional(),
  reduction: z.enum(['mean', 'sum']),
  optimizer: z.looseObject({ type: z.string(), lr: z.number() }),
  regularization: z
    .object({
      l1: z.number().default(0),
      weightDecay: z.number().default(0),
      weightDecayMode: z.enum(['coupled', 'decoupled']).default('coupled'),
      applyTo: z.enum(['all', 'weights']).default('all'),
      clipNorm: z.number().nullable().default(null),
      clipEps: z.number().default(1e-6),
    })
    .prefault({}),
  epochs: z.number().optional(),
  batches: z.array(z.object({ x: matrix, y: matrix })).min(1),
  firstGradients: z.array(layerValues).optional(),
  firstGradientsClipped: z.array(layerValues).optional(),
  steps: z.array(step).optional(),
  mseAtEpoch: z.array(z.object({ epoch: z.number(), mse: z.number(), outputs: matrix.optional() })).optional(),
  finalMse: z.number().optional(),
  finalOutputs: matrix.optional(),
  final: z.array(layerValues).optional(),
});

export type GoldenCase = z.infer<typeof goldenCase>;
export type LayerValues = z.infer<typeof layerValues>;

/** Reads one case. Throws MillraceError('golden-unreadable') that names the file and what is wrong with it. */
export function readCase(path: string): GoldenCase {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new MillraceError('golden-unreadable', `cannot read golden case ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const parsed = goldenCase.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new MillraceError('golden-unreadable', `${path} is not a case of format mlp-golden/1: ${issues}`);
}

/** The case files of a folder, by name. Throws MillraceError('golden-unreadable') where there are none. */
export function listCases(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new MillraceError('golden-unreadable', `cannot read the folder ${folder}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const files = names.filter((name) => name.endsWith('.json')).sort();
  if (files.length > 0) return files.map((name) => join(folder, name));
  throw new MillraceError(
    'golden-unreadable',
    `no golden case (*.json) in the folder ${folder}; give one that has some`,
  );
}
