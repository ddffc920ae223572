import { expect, it } from 'vitest';
import { outputFiles, requireSameOutputs } from '../../../src/cli/run/output-files.ts';
import { checkConfig } from '../../../src/config/load.ts';
import { sampleMeta } from '../../checkpoint/sample-meta.ts';

function configOf(path: string | null) {
  const predictions = path === null ? {} : { predictions: { file: { path } } };
  return checkConfig(
    { source: { file: { path: 'in.csv' } }, schema: { target: { type: 'binary' } }, ...predictions },
    'test',
  );
}

it('names the files, however they are spelt', () => {
  expect(outputFiles(configOf('./out/x/../predictions.ndjson'))).toEqual({
    predictions: 'out/predictions.ndjson',
    deadLetters: null,
  });
});

it('refuses to cut another file back than the one that the checkpoint vouches for', () => {
  expect(() => requireSameOutputs(sampleMeta, configOf('out/predictions.ndjson'), 'c')).not.toThrow();
  expect(() => requireSameOutputs(sampleMeta, configOf('other.txt'), 'c')).toThrow(
    /checkpoint: +out\/predictions.ndjson\n +configuration: other.txt/,
  );
  expect(() => requireSameOutputs(sampleMeta, configOf(null), 'c')).toThrow(/configuration: no file/);
  const unmarked = { ...sampleMeta, marks: { ...sampleMeta.marks, predictions: null } };
  expect(() => requireSameOutputs(unmarked, configOf('other.txt'), 'c')).not.toThrow();
});
