// Linear warm-up: the first `warmUpSteps` steps grow to the full rate. Goyal et al. (2017), section 2.2.

/** Factor on the rate at `step` (from 0): (step + 1)/warmUpSteps, at most 1. */
export function warmUp(step: number, warmUpSteps: number): number {
  return step + 1.0 >= warmUpSteps ? 1.0 : (step + 1.0) / warmUpSteps;
}
