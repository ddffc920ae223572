// What every bench is given.

export interface BenchOptions {
  /** JSON lines on stdout instead of a table. */
  readonly json: boolean;
  /** Arguments after the bench's name, without --json; each bench reads its own. */
  readonly rest: readonly string[];
}
