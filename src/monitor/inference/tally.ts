// Counts of the requests for predictions, for /metrics.

export interface InferenceTally {
  /** Answered with predictions. */
  answered: number;
  /** Refused for what they hold, or because there is no model yet. */
  refused: number;
  rows: number;
  /** Time from the parsed body to the answer, of those answered. */
  ms: number;
}

/** No request yet. */
export function createInferenceTally(): InferenceTally {
  return { answered: 0, refused: 0, rows: 0, ms: 0 };
}
