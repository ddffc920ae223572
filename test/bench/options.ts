// What every bench is given, and the refusal of what it does not take: a bench that ran without an option that was meant
// would measure something else.

export interface BenchOptions {
  /** JSON lines on stdout instead of a table. */
  readonly json: boolean;
  /** Arguments after the bench's name, without --json; each bench reads its own. */
  readonly rest: readonly string[];
}

/** What the file of a bench exports. */
export interface Bench {
  /** What it takes besides --json: `--flag`, `--option N`, or `NAME...` for words; nothing unless said. */
  readonly options?: readonly string[];
  run(options: BenchOptions): void | Promise<void>;
}

/** Arguments that a bench cannot run with; the message is all that is told. */
export class BenchUsageError extends Error {}

/** Throws BenchUsageError, naming what there is, at the first argument that is not one of a bench's `options`. */
export function requireKnown(name: string, rest: readonly string[], options: readonly string[] = []): void {
  const takesWords = options.some((option) => !option.startsWith('--'));
  for (let at = 0; at < rest.length; at++) {
    const option = options.find((one) => one.split(' ')[0] === rest[at]);
    if (!option && (!takesWords || rest[at].startsWith('--')))
      throw new BenchUsageError(
        `bench ${name} does not take ${rest[at]}; it takes ${['--json', ...options].join(', ')}`,
      );
    if (option?.includes(' ')) at++;
  }
}

/** The number behind an option, or another where it is not given. Throws BenchUsageError where it is none, or too small. */
export function numberOption(rest: readonly string[], option: string, otherwise: number, least = 1): number {
  const at = rest.indexOf(option);
  const number = at < 0 ? otherwise : Number(rest[at + 1]);
  if (!(number >= least)) throw new BenchUsageError(`${option} needs a number of at least ${least}`);
  return number;
}
