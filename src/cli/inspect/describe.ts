// A checkpoint in words, for a terminal.

import type { MetricsReport, Scores } from '../../learner/metrics/report.ts';
import type { CheckpointReport, InspectedLayer } from './report.ts';

/** Inputs that are listed at most. */
const inputsMax = 10;
const barWidth = 20;

/** The report as lines of `label  text`. */
export function describeCheckpoint(report: CheckpointReport): string {
  const { path, bytes, savedAt, createdBy, name, modelVersion, weightsDigest, origin, sequence, counts } = report;
  const rows: [label: string, ...lines: string[]][] = [
    ['checkpoint', path],
    ['saved', `${savedAt} by Millrace ${createdBy}, ${sizeInWords(bytes)}`],
    ['model', `${name}, version ${modelVersion}`],
    ['weights', weightsDigest],
    [
      'stream',
      `${origin}: ${sequence} records (${counts.learned} learnt, ${counts.scored} only predicted, ${counts.rejected} rejected)`,
    ],
    ['positions', positionsInWords(report)],
    ['outputs', marksInWords(report)],
    ['network', report.network, ...report.layers.map(layerInWords)],
    ['dead units', deadInWords(report)],
    ['optimiser', optimizerInWords(report)],
    ['rehearsal', rehearsalInWords(report)],
    ['metrics', ...metricsTable(report.metrics)],
    ['inputs', ...inputsInWords(report)],
  ];
  return rows
    .flatMap(([label, ...lines]) => lines.map((line, i) => `${(i === 0 ? label : '').padEnd(12)}${line}`.trimEnd()))
    .join('\n');
}

function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function positionsInWords({ positions, marks }: CheckpointReport): string {
  const next = Object.entries(positions).map(([partition, offset]) => `${partition}: ${offset}`);
  const journal = marks.journal === null ? '' : `; journal: ${marks.journal}`;
  return `next by partition: ${next.join(', ') || 'none'}${journal}`;
}

function marksInWords({ marks }: CheckpointReport): string {
  const parts = (['predictions', 'deadLetters'] as const).flatMap((key) =>
    marks[key] === null ? [] : [`${key} up to byte ${marks[key]}`],
  );
  return parts.join(', ') || 'no positions kept';
}

function layerInWords({ inputs, units, activation, parameters, norm, deadUnits }: InspectedLayer): string {
  const dead = deadUnits === null ? '' : `, ${deadUnits} dead`;
  return `  ${inputs} → ${units} ${activation}: ${parameters} parameters, norm ${norm.toPrecision(4)}${dead}`;
}

function deadInWords({ deadUnitSamples, layers }: CheckpointReport): string {
  if (deadUnitSamples === null) return 'not known: there are no samples in a rehearsal buffer to look with';
  const dead = layers.reduce((sum, { deadUnits }) => sum + (deadUnits ?? 0), 0);
  const hidden = layers.slice(0, -1).reduce((sum, { units }) => sum + units, 0);
  return `${dead} of ${hidden}: flat on each of the ${deadUnitSamples} samples of the rehearsal buffer`;
}

function optimizerInWords({ optimizer }: CheckpointReport): string {
  const { type, learningRate, gradientNorm, batch, refusedSteps } = optimizer;
  return [
    `${type}, next rate ${learningRate.toPrecision(4)}`,
    gradientNorm === null ? null : `gradient norm ${gradientNorm.toPrecision(4)}`,
    batch.size > 1 ? `${batch.filled} of ${batch.size} samples of the next batch` : null,
    refusedSteps > 0 ? 'A STEP WAS REFUSED: learning has stopped' : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function rehearsalInWords({ rehearsal }: CheckpointReport): string {
  if (!rehearsal) return 'off';
  return `${rehearsal.buffered} of ${rehearsal.buffer} samples kept, until labelled sample ${rehearsal.until}`;
}

/** A line for each figure that the target has, with one column for each view. */
function metricsTable({ window, fading, baseline, ...cumulative }: MetricsReport): string[] {
  if (cumulative.samples === 0) return ['no labelled sample yet'];
  const columns: readonly [string, Scores][] = [
    ['all', cumulative],
    [`last ${Math.min(window.size, window.samples)}`, window],
    ['fading', fading],
    ['baseline', baseline],
    ['its window', baseline.window],
  ];
  const keys = ['loss', 'accuracy', 'logLoss', 'f1', 'kappa', 'rocAuc', 'mae', 'rmse', 'r2'] as const;
  const cells = (label: string, values: readonly string[]): string =>
    label.padEnd(10) + values.map((value) => value.padStart(12)).join('');
  const shown = keys.filter((key) => columns.some(([, scores]) => scores[key] !== null));
  return [
    cells(
      '',
      columns.map(([label]) => label),
    ),
    ...shown.map((key) =>
      cells(
        key,
        columns.map(([, scores]) => scores[key]?.toPrecision(4) ?? '–'),
      ),
    ),
  ];
}

function inputsInWords({ inputs }: CheckpointReport): string[] {
  if (inputs.length === 0) return ['none looked at yet'];
  const shown = inputs.slice(0, inputsMax);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, share }) => {
    const bar = '█'.repeat(Math.round((share / (shown[0].share || 1)) * barWidth));
    return `${name.padEnd(width)} ${`${(100 * share).toFixed(1)} %`.padStart(7)} ${bar}`;
  });
  const rest = inputs.length - shown.length;
  return rest > 0 ? [...lines, `… ${rest} more`] : lines;
}
