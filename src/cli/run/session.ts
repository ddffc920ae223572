// One run from its configuration to its result, and what it can say of itself on the way. A run over Kafka that fails
// for a reason that passes recovers within the process, by the same path as a new start.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config/schema.ts';
import { type ErrorCode, MillraceError } from '../../errors.ts';
import type { RunControl } from '../../pipeline/control.ts';
import type { Fold, FoldSnapshot } from '../../pipeline/fold.ts';
import { runPipeline } from '../../pipeline/pipeline.ts';
import type { CommitMarks, Delivery, SavedCheckpoint } from '../../pipeline/ports.ts';
import type { RunView } from '../../pipeline/status.ts';
import { say } from '../console.ts';
import { type Acceptance, type AttemptContext, createStore, type Ready, type RunHooks } from './attempt.ts';
import type { LifeCounts } from './checkpoint-meta.ts';
import { openFormat, openThread } from './model-source.ts';
import { openPlain } from './plain.ts';
import type { RunResult } from './result.ts';
import { createSaver, type Saver } from './saver.ts';
import { holdAlone } from './sole-run.ts';
import { createSource, type RunEnd } from './source.ts';
import { openTransactional } from './transactional.ts';
import { transactionalTopics } from './transactional-topics.ts';
import { createSessionState, resultOf, type SessionState, statusOf } from './view.ts';

/** A run that can be watched and told what to do. */
export interface Session extends RunView {
  readonly control: Pick<RunControl, 'pause' | 'resume'> & {
    /** Saves a checkpoint at the next commit and gives its path; null where none are kept. Rejects if the run ends before. */
    checkpoint(): Promise<string | null>;
  };
  /** Runs to its end, or until `signal` aborts. Throws MillraceError; everything is closed either way. */
  run(signal: AbortSignal): Promise<RunResult>;
}

export interface SessionOptions {
  readonly end: RunEnd;
  readonly accepted?: ReadonlySet<Acceptance>;
  readonly hooks?: RunHooks;
}

/** Failures that a new start mends once the brokers are well. */
const passing: readonly ErrorCode[] = [
  'transaction-failed',
  'commit-unknown',
  'kafka-unreachable',
  'kafka-failed',
  'kafka-produce-incomplete',
];
/** How long recovering may go on failing. */
const recoveryMs = 60_000;
const pauseMs = 500;

/** The session of a configuration; nothing is opened yet. */
export function createSession(config: Config, options: SessionOptions): Session {
  const state = createSessionState();
  const { control, recent } = state;
  return {
    name: config.name,
    role: 'learner',
    status: () => statusOf(state, config),
    metrics: () => state.fold?.learner?.metrics() ?? null,
    network: () => state.fold?.learner?.network() ?? null,
    recent,
    model() {
      const { learner = null, schema = null } = state.fold ?? {};
      return learner && schema && { learner, schema };
    },
    control: {
      pause: control.pause,
      resume: control.resume,
      async checkpoint() {
        if (!createStore(config, {})) return null;
        await control.checkpoint();
        return state.saved?.path ?? null;
      },
    },
    async run(signal) {
      const startedAt = performance.now();
      try {
        await runToEnd(config, options, state, signal);
        state.phase = 'stopped';
      } catch (error) {
        state.phase = 'failed';
        state.failure = error instanceof MillraceError ? error.code : 'internal';
        throw error;
      }
      return resultOf(config.name, state, statusOf(state, config), (performance.now() - startedAt) / 1000);
    },
  };
}

/** Attempts until one ends. The first must get as far as going live; later ones may go on failing for a while. */
async function runToEnd(config: Config, options: SessionOptions, state: SessionState, signal: AbortSignal) {
  let wasLive = false;
  let failingSinceMs: number | null = null;
  let endSequence: number | null = null;
  const onLive = ({ sequence }: Fold): number | null => {
    wasLive = true;
    if (options.end.samples === null) return null;
    endSequence ??= sequence + options.end.samples;
    return Math.max(0, endSequence - sequence);
  };
  for (;;) {
    try {
      return await attempt(config, options, state, { signal, onLive });
    } catch (error) {
      const passes = error instanceof MillraceError && passing.includes(error.code) && canReadAgain(config);
      if (!passes || !wasLive || signal.aborted) throw error;
      if (failingSinceMs === null || state.committedAtMs > failingSinceMs) failingSinceMs = Date.now();
      if (Date.now() - failingSinceMs > recoveryMs) throw error;
      state.recoveries++;
      state.phase = 'starting';
      say(`recovering, as ${error.message}`);
      await sleep(pauseMs);
    }
  }
}

/** A commit shows that the brokers are well again: recovering may fail for as long as before. */
function noteCommits(delivery: Delivery, state: SessionState): Delivery {
  return {
    write: (outputs) => delivery.write(outputs),
    async commit(boundary) {
      const marks = await delivery.commit(boundary);
      state.committedAtMs = Date.now();
      return marks;
    },
  };
}

/** What came through standard input is gone: another attempt could not go on where this one stopped. */
function canReadAgain({ source }: Config): boolean {
  return source.file?.path !== '-';
}

interface AttemptControl {
  readonly signal: AbortSignal;
  /** Hears that the state stands; says how many records are to be dealt with, null for all. */
  readonly onLive: (fold: Fold) => number | null;
}

/** Opens everything, recovers, and runs until the end or a failure; closes everything either way. */
async function attempt(
  config: Config,
  { end, accepted = new Set(), hooks = {} }: SessionOptions,
  state: SessionState,
  { signal, onLive }: AttemptControl,
): Promise<void> {
  const source = createSource(config, end, accepted);
  // Before all else, so that it is up by the time that there is something to learn.
  const thread = openThread(config);
  const onAbort = () => {
    state.phase = 'stopping';
  };
  let ready: Ready | null = null;
  try {
    await source.open();
    const format = openFormat(config, source);
    const store = createStore(config, hooks);
    state.counters.beginOutcomes();
    const { counters, replayed, recent, transactions } = state;
    const context: AttemptContext = {
      ...{ config, source, format, store, accepted, hooks },
      ...{ counters, replayed, recent, thread, transactions },
      setPhase: (phase) => {
        state.phase = phase;
      },
      save: createSave(state, store && createSaver({ config, source, store })),
    };
    ready = await openReady(context, signal);
    if (!ready) return;
    const { fold, before } = ready;
    state.fold = fold;
    state.source = source;
    const maxRecords = onLive(fold);
    state.phase = 'live';
    signal.addEventListener('abort', onAbort);
    const liveAtMs = performance.now();
    await runPipeline(
      {
        ...{ source, ...ready, maxRecords },
        delivery: noteCommits(ready.delivery, state),
        save: store && ((snapshot, marks) => context.save(snapshot, marks, before)),
        maxInFlight: config.maxChunksInFlight,
        ...{ gauge: state.gauge, control: state.control, timer: state.timer },
      },
      signal,
    );
    state.liveMs += performance.now() - liveAtMs;
  } finally {
    signal.removeEventListener('abort', onAbort);
    state.source = null;
    await source.close();
    await ready?.close();
    await thread?.close();
  }
}

/** The state and the outputs, by the way of delivering that the configuration takes. */
async function openReady(context: AttemptContext, signal: AbortSignal): Promise<Ready | null> {
  const topics = transactionalTopics(context.config);
  if (topics) return openTransactional(context, topics, signal);
  const claimed = await context.source.claim(signal, () => {
    context.setPhase('standby');
    say(`standing by: another instance reads ${context.source.name}`);
  });
  if (!claimed) return null;
  const alone = await holdAlone(context.config);
  try {
    await context.store?.open();
    const ready = await openPlain(context);
    return { ...ready, close: () => ready.close().finally(alone.release) };
  } catch (error) {
    await alone.release();
    throw error;
  }
}

/** Saves and counts; does nothing where no checkpoints are kept. */
function createSave(state: SessionState, saver: Saver | null) {
  return async (snapshot: FoldSnapshot, marks: CommitMarks, before: LifeCounts | null): Promise<void> => {
    if (!saver) return;
    let saved: SavedCheckpoint;
    try {
      saved = await saver(snapshot, marks, before);
    } catch (error) {
      state.checkpointFailures++;
      throw error;
    }
    state.saved = { ...saved, atMs: Date.now() };
    state.checkpoints++;
  };
}
