// How good the predictions are: each prequential score by window, of the network and of the baseline.

import type { MetricsReport, Scores } from '../../learner/metrics/report.ts';
import { addLabelledGauge, type Family, type Reading } from './scrape.ts';

const scores: readonly { score: Exclude<keyof Scores, 'samples'>; name: string; help: string }[] = [
  { score: 'loss', name: 'millrace_prequential_loss', help: 'Mean loss of predictions made before learning.' },
  { score: 'accuracy', name: 'millrace_prequential_accuracy_ratio', help: 'Share of right predictions, 0 to 1.' },
  { score: 'logLoss', name: 'millrace_prequential_log_loss', help: 'Mean of -ln p(true class).' },
  { score: 'f1', name: 'millrace_prequential_f1_ratio', help: 'F1 of class 1, or macro average over the classes.' },
  { score: 'kappa', name: 'millrace_prequential_kappa', help: "Cohen's kappa: agreement beyond chance, -1 to 1." },
  { score: 'rocAuc', name: 'millrace_prequential_roc_auc', help: 'Area under the ROC curve, 0 to 1.' },
  { score: 'mae', name: 'millrace_prequential_mae', help: 'Mean absolute error, in the unit of the target.' },
  { score: 'rmse', name: 'millrace_prequential_rmse', help: 'Root mean squared error, in the unit of the target.' },
  { score: 'r2', name: 'millrace_prequential_r2', help: 'Coefficient of determination, at most 1.' },
];

type WindowName = 'cumulative' | 'sliding' | 'fading';

/** millrace_prequential_*: no series where a score is undefined. */
export function addQualityMetrics(family: Family): void {
  for (const { score, name, help } of scores) {
    addLabelledGauge(family, { name, help, labelNames: ['model', 'window'] }, ({ report }) =>
      scoreSets(report).flatMap(([model, window, set]): Reading<'model' | 'window'>[] => {
        const value = set[score];
        return value === null ? [] : [[{ model, window }, value]];
      }),
    );
  }
  addLabelledGauge(
    family,
    {
      name: 'millrace_prequential_samples',
      help: 'Labelled samples in the figures of a window (fading: the sum of their weights).',
      labelNames: ['window'],
    },
    ({ report }) =>
      scoreSets(report)
        .filter(([model]) => model === 'network')
        .map(([, window, set]) => [{ window }, set.samples]),
  );
}

function scoreSets(report: MetricsReport | null): [model: 'network' | 'baseline', window: WindowName, set: Scores][] {
  if (report === null) return [];
  const { baseline } = report;
  return [
    ['network', 'cumulative', report],
    ['network', 'sliding', report.window],
    ['network', 'fading', report.fading],
    ['baseline', 'cumulative', baseline],
    ['baseline', 'sliding', baseline.window],
    ['baseline', 'fading', baseline.fading],
  ];
}
