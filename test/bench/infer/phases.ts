// What a phase of the bench cost the process that is measured, from its own /metrics, and what follows for another.

/** Sums over the phases of one kind. */
export interface Phase {
  seconds: number;
  /** Processor time of the whole process, its helper threads included. */
  cpuSeconds: number;
  learned: number;
  answered: number;
}

/** Nothing measured yet. */
export function createPhase(): Phase {
  return { seconds: 0, cpuSeconds: 0, learned: 0, answered: 0 };
}

/** Adds what happens in the process at `base` during an action. */
export async function measure<T>(phase: Phase, base: string, during: () => Promise<T>): Promise<T> {
  const before = await read(base);
  const result = await during();
  const after = await read(base);
  for (const key of ['seconds', 'cpuSeconds', 'learned', 'answered'] as const) phase[key] += after[key] - before[key];
  return result;
}

async function read(base: string): Promise<Phase> {
  const metrics = await (await fetch(`${base}/metrics`)).text();
  const numberIn = (line: RegExp) => Number(line.exec(metrics)?.[1]);
  return {
    seconds: performance.now() / 1000,
    cpuSeconds: numberIn(/^process_cpu_seconds_total (\S+)/m),
    learned: numberIn(/outcome="learned"\} (\d+)/),
    answered: numberIn(/^millrace_inference_requests_total\{result="answered"\} (\d+)/m),
  };
}

/**
 * Samples a second that the processor time left over by the answers allows in the phase of both, at what a sample and an
 * answer cost where each is alone. What it got at all is measured: other processes' share is no loss of its own.
 */
export function learningExpected(learning: Phase, answering: Phase, both: Phase): number {
  const perSample = learning.cpuSeconds / learning.learned;
  const perAnswer = answering.cpuSeconds / answering.answered;
  return Math.max(0, both.cpuSeconds - both.answered * perAnswer) / perSample / both.seconds;
}
