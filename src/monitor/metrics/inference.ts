// The predictions that were asked for over HTTP.

import type { InferenceTally } from '../inference/tally.ts';
import { addCounter, addLabelledCounter, type Family } from './scrape.ts';
import { addSummary } from './summary.ts';

/** millrace_inference_requests_total, millrace_inference_rows_total and millrace_inference_duration_seconds. */
export function addInferenceMetrics(family: Family, tally: InferenceTally): void {
  addLabelledCounter(
    family,
    {
      name: 'millrace_inference_requests_total',
      help: 'Requests for predictions over HTTP, by result: answered or refused.',
      labelNames: ['result'],
    },
    () => [
      [{ result: 'answered' }, tally.answered],
      [{ result: 'refused' }, tally.refused],
    ],
  );
  addCounter(family, 'millrace_inference_rows_total', 'Rows predicted over HTTP.', () => tally.rows);
  addSummary(
    family,
    {
      name: 'millrace_inference_duration_seconds',
      help: 'Time from the parsed body to the answer, of requests answered.',
      labelNames: [],
    },
    () => [{ labels: {}, sum: tally.ms / 1000, count: tally.answered }],
  );
}
