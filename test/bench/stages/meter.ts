// What moving records costs: of this thread's processor time, and on the clock.

export interface RecordCosts {
  readonly cpuNanos: number;
  readonly wallNanos: number;
}

/** Begins to measure. What it gives ends that, and says what each of so many records has cost. */
export function startMeter(): (records: number) => RecordCosts {
  const cpuBefore = process.threadCpuUsage();
  const startedMs = performance.now();
  return (records) => {
    const wallMs = performance.now() - startedMs;
    const { user, system } = process.threadCpuUsage(cpuBefore);
    return { cpuNanos: ((user + system) * 1e3) / records, wallNanos: (wallMs * 1e6) / records };
  };
}

const turns = 4;

/** The least of each over some turns; the first one, in which code gets warm, does not count. */
export async function cheapestTurn(turn: (number: number) => Promise<RecordCosts>): Promise<RecordCosts> {
  await turn(0);
  let best = { cpuNanos: Number.POSITIVE_INFINITY, wallNanos: Number.POSITIVE_INFINITY };
  for (let number = 1; number < turns; number++) {
    const { cpuNanos, wallNanos } = await turn(number);
    best = { cpuNanos: Math.min(best.cpuNanos, cpuNanos), wallNanos: Math.min(best.wallNanos, wallNanos) };
  }
  return best;
}
