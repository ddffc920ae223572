// A model that has learnt from a stream of JSON records, and the fold that it lives in.

import { checkConfig } from '../../src/config/load.ts';
import { learnerSpec, schemaSpec } from '../../src/config/resolve.ts';
import { createLearner } from '../../src/learner/create-learner.ts';
import { createCounters } from '../../src/pipeline/counters.ts';
import { createFold, type Fold } from '../../src/pipeline/fold.ts';
import type { ServedModel } from '../../src/pipeline/status.ts';
import { createDecoder } from '../../src/sample/decoder.ts';
import { createJsonFormat } from '../../src/sample/json-format.ts';
import { createNoise } from '../kernels/random-spec.ts';
import { learnChunk } from '../pipeline/parts.ts';
import { chunkOf } from '../sample/samples.ts';

const features = [
  { name: 'amount', min: -10, max: 1000 },
  { name: 'ratio', missing: 'mean' },
  { name: 'country', type: 'categorical', values: ['DE', 'FR', 'US'] },
  { name: 'known', type: 'boolean' },
];

/** Targets by kind, and a label that goes with a score between −1 and 1. */
const kinds = {
  binary: {
    target: { type: 'binary', classes: ['fine', 'fraud'] },
    label: (score: number) => (score > 0 ? 'fraud' : 'fine'),
  },
  multiclass: {
    target: { type: 'multiclass', classes: [3, 5, 7] },
    label: (score: number) => (score > 0.3 ? 7 : score < -0.3 ? 3 : 5),
  },
  regression: { target: { type: 'regression' }, label: (score: number) => 100 * score },
} as const;

export type Kind = keyof typeof kinds;

/** A record without its label. */
export interface Row {
  readonly amount: number | null;
  readonly ratio?: number | null;
  readonly country: string;
  readonly known: boolean;
}

/** Rows, the same ones every time. */
export function rowsOf(count: number): Row[] {
  const noise = createNoise(11);
  return Array.from({ length: count }, (_, index) => ({
    amount: 400 + 300 * noise(),
    ratio: index % 5 === 4 ? null : noise(),
    country: ['DE', 'FR', 'US'][index % 3],
    known: noise() > 0,
  }));
}

/** A fold that has learnt 500 labelled rows. */
export function trainedFold(kind: Kind): Fold {
  const { target, label } = kinds[kind];
  const config = checkConfig(
    { source: { file: { path: '-' } }, schema: { features, target }, model: { hidden: [8] } },
    'test',
  );
  const format = createJsonFormat(schemaSpec(config), config.model.scale);
  const fold = createFold({
    decoder: createDecoder({ format, schema: format.known, maxRecordBytes: 10_000 }),
    createLearner: (schema) => createLearner(learnerSpec(config, schema)),
    predictions: { label: false, loss: false },
    resume: null,
    counters: createCounters(),
  });
  const records = rowsOf(500).map((row) => {
    const score = ((row.amount ?? 0) - 400) / 300 + (row.country === 'US' ? 0.4 : -0.2);
    return JSON.stringify({ ...row, label: label(score) });
  });
  learnChunk(fold, chunkOf(records, 0));
  return fold;
}

/** What such a fold serves. */
export function servedBy({ learner, schema }: Fold): ServedModel {
  if (!learner || !schema) throw new Error('nothing was learnt');
  return { learner, schema };
}

/** Tensors of rows, one for each feature. */
export function tensorsOf(rows: readonly Row[]) {
  const column = (name: string, datatype: string, of: (row: Row) => unknown) => ({
    ...{ name, datatype, shape: [rows.length] },
    data: rows.map(of),
  });
  return [
    column('amount', 'FP64', (row) => row.amount),
    column('ratio', 'FP64', (row) => row.ratio ?? null),
    column('country', 'BYTES', (row) => row.country),
    column('known', 'BOOL', (row) => row.known),
  ];
}
