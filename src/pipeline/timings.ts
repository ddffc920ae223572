// How long the stages of a run take: a count and a sum for each, measured by the chunk and the commit, never by the sample.

export const stages = ['learn', 'write', 'commit', 'checkpoint'] as const;

/**
 * `learn`: what decoding and learning a chunk takes of the thread that moves the records; `write`: handing its outputs over;
 * `commit`: making them durable; `checkpoint`: saving the state.
 */
export type Stage = (typeof stages)[number];

/** How often something was done and how long that took in all. */
export interface Timing {
  readonly count: number;
  readonly ms: number;
}

export interface StageTimer {
  readonly timings: Readonly<Record<Stage, Timing>>;
  /** Adds something that took so long. */
  add(stage: Stage, ms: number): void;
  /** Does the work and adds its time; work that fails is not counted. */
  timeAsync<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
}

/** A timer that has measured nothing yet. */
export function createStageTimer(): StageTimer {
  const none = () => ({ count: 0, ms: 0 });
  const timings = { learn: none(), write: none(), commit: none(), checkpoint: none() };
  const add = (stage: Stage, ms: number) => {
    timings[stage].count++;
    timings[stage].ms += ms;
  };
  return {
    timings,
    add,
    async timeAsync(stage, work) {
      const startedAt = performance.now();
      const result = await work();
      add(stage, performance.now() - startedAt);
      return result;
    },
  };
}
