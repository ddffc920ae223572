// `bench -- recovery [--records N] [--partitions N]`: how fast the records after a checkpoint are learnt again. A run over a
// broker of its own is killed a million records past its only checkpoint; the next one replays them, timed from its word
// of the checkpoint to its word that it has learnt them again. Needs Java and Maven.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { type MillraceProcess, runMillrace, startMillrace } from '../support/millrace-process.ts';
import { startProcessCluster } from '../support/process-broker.ts';
import { type BenchOptions, numberOption } from './options.ts';

/** Learnt before the checkpoint; by then the default rehearsal has tapered to nothing. */
const before = 20_000;
const sessionTimeoutMs = 6000;

/** What it takes. */
export const options = ['--records N', '--partitions N'];

/** Runs the bench; about a minute. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const records = numberOption(rest, '--records', 1_000_000);
  const partitions = numberOption(rest, '--partitions', 1);
  const cluster = await startProcessCluster();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  try {
    const config = await writeConfig(folder, cluster.brokers);
    const total = String(before + records);
    const topics = ['--create-topics', String(partitions)];
    await succeed('produce', '-c', config, '--synthetic', 'hyperplane', '--samples', total, ...topics);
    await succeed('run', '-c', config, '--samples', String(before));
    await runAndKill(config, cluster.brokers, before + records);
    await sleep(sessionTimeoutMs + 1000);
    const figures = { bench: 'recovery', partitions, ...(await recover(config)) };
    if (json) console.log(JSON.stringify(figures));
    else
      for (const [name, value] of Object.entries(figures))
        console.log(`${name.padEnd(24)} ${value.toLocaleString('en')}`);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const name = `bench-${randomUUID().slice(0, 8)}`;

async function writeConfig(folder: string, brokers: readonly string[]): Promise<string> {
  const config = join(folder, 'recovery.yaml');
  const lines = [
    `name: ${name}`,
    `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${name}-in, sessionTimeoutMs: ${sessionTimeoutMs} } }`,
    `predictions: { kafka: { topic: ${name}-out } }`,
    'schema: { target: { from: label, type: binary } }',
    'model: { hidden: [{ units: 32, activation: relu }] }',
    // None but the one at the end of a clean run.
    `checkpoint: { dir: "${join(folder, 'checkpoints')}", everySamples: 1000000000, everyMs: 1000000000 }`,
    'http: false',
  ];
  await writeFile(config, lines.join('\n'));
  return config;
}

async function succeed(...args: string[]): Promise<void> {
  const { code, stderr } = await runMillrace(...args);
  if (code !== 0) throw new Error(`millrace ${args[0]} ended with ${code}: ${stderr}`);
}

/** Runs until so many records are committed, and takes the process away before it can save. */
async function runAndKill(config: string, brokers: readonly string[], records: number): Promise<void> {
  const { kafka } = createKafkaTool([...brokers]);
  const admin = kafka.admin();
  await admin.connect();
  const running = startMillrace('run', '-c', config);
  for (let committed = 0; committed < records; await sleep(200)) {
    if (running.child.exitCode !== null) throw new Error(`millrace run ended: ${running.stderr()}`);
    const [answer] = await admin.fetchOffsets({ groupId: name, topics: [`${name}-in`] });
    committed = (answer?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }
  running.child.kill('SIGKILL');
  await running.finished;
  await admin.disconnect();
}

async function recover(config: string) {
  const startedMs = performance.now();
  const running = startMillrace('run', '-c', config, '--stop-at-end', '--json');
  const loadedMs = await whenSaid(running, 'checkpoint ');
  const learntMs = await whenSaid(running, 'learnt ');
  const { code, stdout, stderr } = await running.finished;
  if (code !== 0) throw new Error(`recovery ended with ${code}: ${stderr}`);
  const { replayed }: { replayed: number } = JSON.parse(stdout);
  const seconds = (learntMs - loadedMs) / 1000;
  return {
    replayed,
    replaySeconds: Number(seconds.toFixed(2)),
    recordsPerSecond: Math.round(replayed / seconds),
    secondsFromStartToLive: Number(((learntMs - startedMs) / 1000).toFixed(2)),
  };
}

/** When a process has said something on stderr, or ended. */
async function whenSaid(running: MillraceProcess, text: string): Promise<number> {
  while (!running.stderr().includes(text) && running.child.exitCode === null) await sleep(2);
  return performance.now();
}
