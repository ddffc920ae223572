// What every bench is given.

export interface BenchOptions {
  /** JSON lines on stdout instead of a table. */
  readonly json: boolean;
  /** Arguments after the bench's name, without --json; each bench reads its own. */
  readonly rest: readonly string[];
}

/** The number behind an option, or another where it is not given. Throws RangeError where it is none. */
export function numberOption(rest: readonly string[], option: string, otherwise: number): number {
  const at = rest.indexOf(option);
  const number = at < 0 ? otherwise : Number(rest[at + 1]);
  if (!(number >= 1)) throw new RangeError(`${option} needs a number of at least 1`);
  return number;
}
