// How far the model is: optimiser steps taken and refused, the event time it has learnt up to, and what its network is like.

import { addCounter, addGauge, addLabelledGauge, type Family } from './scrape.ts';

/** millrace_model_version, millrace_refused_steps_total and millrace_newest_record_timestamp_seconds. */
export function addModelMetrics(family: Family): void {
  // A gauge: a checkpoint sets it at the start, and going back to one may lower it.
  addGauge(
    family,
    'millrace_model_version',
    "Optimiser steps over the model's life.",
    ({ status }) => status.modelVersion,
  );
  addCounter(
    family,
    'millrace_refused_steps_total',
    'Steps refused because a weight would have become non-finite; above 0, learning has stopped.',
    ({ status }) => status.refusedSteps,
  );
  addGauge(
    family,
    'millrace_newest_record_timestamp_seconds',
    'Event time of the newest record learnt, in seconds since the epoch.',
    ({ status }) => seconds(status.newestTimestampMs),
  );
}

/** millrace_learning_rate, millrace_gradient_norm, millrace_parameters and millrace_parameter_norm. */
export function addNetworkMetrics(family: Family): void {
  addGauge(
    family,
    'millrace_learning_rate',
    'Learning rate of the next step.',
    ({ network }) => network?.learningRate ?? null,
  );
  addGauge(
    family,
    'millrace_gradient_norm',
    "Root mean square of the gradient's norm over the newest steps, from the optimiser's second moments.",
    ({ network }) => network?.gradientNorm ?? null,
  );
  addLabelledGauge(
    family,
    { name: 'millrace_parameters', help: 'Weights and biases of a layer, from 0.', labelNames: ['layer'] },
    ({ network }) => (network?.layers ?? []).map(({ parameters }, layer) => [{ layer: String(layer) }, parameters]),
  );
  addLabelledGauge(
    family,
    {
      name: 'millrace_parameter_norm',
      help: 'Euclidean norm of the weights and biases of a layer, from 0.',
      labelNames: ['layer'],
    },
    ({ network }) => (network?.layers ?? []).map(({ norm }, layer) => [{ layer: String(layer) }, norm]),
  );
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
