import { expect, it } from 'vitest';
import { describeResult } from '../../../src/cli/run/result.ts';
import { sampleReport, sampleStatus } from '../../monitor/sample-view.ts';

const digest = 'a'.repeat(64);
const { samples, learned, scored, rejected, replayed, modelVersion, refusedSteps } = sampleStatus;
const counts = { samples, learned, scored, rejected, replayed, modelVersion, refusedSteps };
const result = {
  ...{
    name: 'fraud',
    seconds: 2,
    liveSeconds: 1.5,
    weightsDigest: digest,
    metrics: sampleReport,
    checkpoint: 'kept/fraud-103.safetensors',
  },
  ...counts,
};

it('tells a result in words, with the reasons of what was rejected', () => {
  expect(describeResult(result, sampleStatus).split('\n')).toEqual([
    '103 records in 2.0 s (52/s): 90 learnt, 10 only predicted, 3 rejected (2 malformed, 1 not-finite)',
    'prequential: loss 0.5000, accuracy 75.00 %',
    'baseline:    loss 0.7500, accuracy 75.00 %',
    `model version ${modelVersion}, weights ${digest}`,
    'checkpoint kept/fraud-103.safetensors',
  ]);
});

it('has little to say where no sample was read', () => {
  const nothing = { ...result, samples: 0, learned: 0, scored: 0, rejected: 0, seconds: 0, metrics: null };
  const silent = { ...nothing, weightsDigest: null, checkpoint: null, modelVersion: 0 };
  expect(describeResult(silent, { ...sampleStatus, rejectedByReason: {} }).split('\n')).toEqual([
    '0 records in 0.0 s (0/s): 0 learnt, 0 only predicted, 0 rejected',
    'model version 0, weights none: no sample was read',
  ]);
});

it('says so where no record had a label, as when its column is misspelt', () => {
  const unlabelled = { ...result, learned: 0, scored: 100, metrics: null };
  expect(describeResult(unlabelled, sampleStatus)).toContain('nothing was learnt: no record has a label');
});
