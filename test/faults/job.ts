// One learning job of the suite: topics, a configuration and a folder of its own, processes over it with a fault or without,
// and the oracle at its end.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { KafkaMessage, Message } from 'kafkajs';
import { expect, inject, onTestFailed, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createTopics } from '../../src/kafka/topics.ts';
import { createKafkaTool, type KafkaTool } from '../support/kafka-topics.ts';
import { type Finished, type MillraceProcess, startMillraceIn } from '../support/millrace-process.ts';
import { numberedMessages, sampleFeatures } from '../support/numbered-samples.ts';
import { expectExactlyOnce } from '../support/oracle.ts';
import { settings } from '../system/support.ts';

const faulty = fileURLToPath(new URL('../support/faulty-millrace.ts', import.meta.url));

/** How long a test waits for the partitions of a process that it has killed. */
export const sessionTimeoutMs = 2000;

const resultSchema = z.looseObject({
  samples: z.int(),
  rejected: z.int(),
  replayed: z.int(),
  weightsDigest: z.string(),
});
export type Result = z.output<typeof resultSchema>;

/** The result of a run that ended well, whatever it had to say on the way. */
export function resultOf({ code, signal, stdout, stderr }: Finished): Result {
  expect({ code, signal, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return resultSchema.parse(JSON.parse(stdout));
}

/** The ways of writing that are tried. */
export const producers = inject('producers');

export interface Job {
  readonly tool: KafkaTool;
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly dead: string;
  readonly journal: string;
  readonly checkpoints: string;
  /** Sends the samples numbered [from, to). */
  fill(from: number, to: number): Promise<void>;
  send(messages: Message[]): Promise<void>;
  /** Sends 400 samples again and again, whatever becomes of them, until told to stop. */
  feed(): () => Promise<void>;
  /** Starts `millrace run`; a fault is `ACTION:STAGE:N`, or null. Killed at the end of the test at the latest. */
  start(fault: string | null, ...args: string[]): MillraceProcess;
  /** Records that the group has committed, over all partitions. */
  committed(): Promise<number>;
  /** Resolves once so many are committed; fails after `withinMs`. */
  untilCommitted(records: number, withinMs?: number): Promise<void>;
  /** Resolves once all that the input holds is committed; gives how much that is. For an input without transactions. */
  untilCaughtUp(): Promise<number>;
  /** Runs into a `kill` fault; fails unless it died of it. */
  runInto(fault: string, ...args: string[]): Promise<Finished>;
  /** Runs to the end of the input without a fault, and asks the oracle; gives the result and the last run's stderr. */
  finish(): Promise<{ readonly result: Result; readonly stderr: string; readonly samples: number }>;
}

export interface JobOptions {
  readonly partitions?: number;
  readonly replication?: number;
  readonly minInsync?: number;
  /** Where the test itself reaches the brokers, past the network that it breaks. */
  readonly direct?: string[];
  /** Lines of the configuration in place of the job's own `commit`, `checkpoint`, … */
  readonly settings?: readonly string[];
  readonly isSample?: (message: KafkaMessage) => boolean;
}

/** A job over `brokers` with nothing in its input yet. */
export async function createJob(brokers: string[], options: JobOptions = {}): Promise<Job> {
  const { partitions = 1, replication = 1, minInsync = 1 } = options;
  const tool = createKafkaTool(options.direct ?? brokers);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-faults-'));
  const name = `job-${randomUUID().slice(0, 8)}`;
  const topics = { input: `${name}-in`, output: `${name}-out`, dead: `${name}-dead`, journal: `${name}-journal` };
  const checkpoints = join(folder, 'checkpoints');
  const admin = tool.kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'min.insync.replicas', value: String(minInsync) }];
  const settled = { numPartitions: partitions, replicationFactor: replication, configEntries };
  await createTopics(
    admin,
    [topics.input, topics.output, topics.dead].map((topic) => ({ topic, ...settled })),
  );
  await admin.disconnect();
  const relearn = { config: join(folder, 'relearn.yaml'), lines: join(folder, 'relearn.ndjson') };
  const model = [
    `schema: { features: [${sampleFeatures.join(', ')}], target: { from: label, type: binary } }`,
    'model: { hidden: [{ units: 8, activation: relu }], seed: 7 }',
    'http: false',
  ];
  const config = join(folder, 'job.yaml');
  await writeFile(
    config,
    [
      `name: ${name}`,
      `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${topics.input}, sessionTimeoutMs: ${sessionTimeoutMs}, maxBytesPerPartition: 16384 } }`,
      `predictions: { kafka: { topic: ${topics.output} } }`,
      `deadLetters: { kafka: { topic: ${topics.dead} } }`,
      'delivery: exactly-once',
      'commit: { everyRecords: 400, everyMs: 100 }',
      `checkpoint: { dir: "${checkpoints}", everySamples: 1000, everyMs: 1000, keep: 5 }`,
      ...model,
    ].join('\n'),
  );
  await writeFile(relearn.config, [`source: { file: { path: "${relearn.lines}" } }`, ...model].join('\n'));

  const running = new Set<MillraceProcess>();
  onTestFailed(() => {
    for (const { stderr } of running) console.error(`${name}: a process that has not ended says:\n${stderr()}`);
  });
  onTestFinished(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all([...running].map(({ finished }) => finished));
    await rm(folder, { recursive: true, force: true });
  });
  const start = (fault: string | null, ...args: string[]) => {
    const surroundings = fault ? { entry: faulty, env: { MILLRACE_FAULT: fault } } : {};
    const sets = settings(...(options.settings ?? []));
    const process = startMillraceIn(surroundings, 'run', '-c', config, '--json', ...sets, ...args);
    running.add(process);
    void process.finished.then(() => running.delete(process));
    return process;
  };
  async function committed(): Promise<number> {
    const asking = tool.kafka.admin();
    await asking.connect();
    const [answer] = await asking.fetchOffsets({ groupId: name, topics: [topics.input] });
    await asking.disconnect();
    return (answer?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }
  const fill = (from: number, to: number) => tool.send(topics.input, numberedMessages(from, to, partitions), 100);
  function feed(): () => Promise<void> {
    let stopped = false;
    const feeding = (async () => {
      for (let fed = 0; !stopped; fed += 400) {
        // A plain client may lose some or send them twice while brokers come and go: what counts is what the input holds.
        await fill(fed, fed + 400).catch(() => {});
        await sleep(500);
      }
    })();
    return () => {
      stopped = true;
      return feeding;
    };
  }
  async function held(): Promise<number> {
    const asking = tool.kafka.admin();
    await asking.connect();
    const offsets = await asking.fetchTopicOffsets(topics.input);
    await asking.disconnect();
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }
  const untilCommitted = async (records: number, withinMs = 60_000) => {
    await expect.poll(committed, { timeout: withinMs, interval: 100 }).toBeGreaterThanOrEqual(records);
  };
  return {
    ...{ committed, fill, feed },
    untilCommitted,
    async untilCaughtUp() {
      const records = await held();
      await untilCommitted(records);
      return records;
    },
    ...{ tool, name, ...topics, checkpoints, start },
    send: (messages) => tool.send(topics.input, messages, 100),
    async runInto(fault, ...args) {
      const finished = await start(fault, ...args).finished;
      expect(finished.signal, `died at ${fault}; ${finished.stderr}`).toBe('SIGKILL');
      return finished;
    },
    async finish() {
      const finished = await start(null, '--stop-at-end').finished;
      const result = resultOf(finished);
      const { weightsDigest } = result;
      const isSample = options.isSample ?? (() => true);
      const samples = await expectExactlyOnce({ tool, config, relearn, topics, isSample, weightsDigest });
      return { result, stderr: finished.stderr, samples };
    },
  };
}

/** Resolves once a process has said a text on stderr. */
export async function untilSaid(process: MillraceProcess, text: string, withinMs = 60_000): Promise<void> {
  await expect.poll(() => process.stderr(), { timeout: withinMs, interval: 20 }).toContain(text);
}

/** A process that must end by itself with exit code 1, telling an error code. */
export async function expectFailure(process: MillraceProcess, code: string): Promise<void> {
  const finished = await process.finished;
  expect({ code: finished.code, signal: finished.signal }, finished.stderr).toEqual({ code: 1, signal: null });
  expect(finished.stderr).toContain(`[${code}]`);
  expect(finished.stdout).toBe('');
}
