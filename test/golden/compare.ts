// Comparing what the learner gives with what a golden case says: the error of each number, relative to max(1, |want|).

/** The worst errors so far of one case, and what exceeded the tolerance. */
export interface Comparison {
  /** Largest |got − want|/max(1, |want|); NaN where a number is missing. */
  worst: number;
  /** One line for each kind of value beyond its tolerance. */
  readonly failures: string[];
}

type Values = number | readonly Values[];

function flatten(values: Values): readonly number[] {
  return typeof values === 'number' ? [values] : values.flatMap((value) => flatten(value));
}

/** Takes got and want, equally shaped, into the comparison under the name of the value. */
export function compare(
  comparison: Comparison,
  name: string,
  { got, want, tolerance }: { readonly got: Values; readonly want: Values; readonly tolerance: number },
): void {
  const gots = flatten(got);
  const wants = flatten(want);
  let worst = gots.length === wants.length ? 0 : Number.POSITIVE_INFINITY;
  let example = `${gots.length} numbers instead of ${wants.length}`;
  wants.forEach((value, i) => {
    const error = Math.abs(gots[i] - value) / Math.max(1, Math.abs(value));
    if (error <= worst) return;
    worst = error;
    example = `got ${gots[i]}, want ${value}`;
  });
  if (!(worst <= comparison.worst)) comparison.worst = worst;
  if (!(worst <= tolerance)) comparison.failures.push(`${name}: ${example}, error ${worst.toExponential(1)}`);
}
