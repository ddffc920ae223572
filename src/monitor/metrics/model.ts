// How far the model is: optimiser steps taken and refused, and the event time it has learnt up to.

import { addCounter, addGauge, type Family } from './scrape.ts';

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

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
