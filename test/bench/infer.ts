// `bench -- infer [--clients N] [--seconds N]`: predictions asked for over HTTP by so many clients at a time, each asking
// again as soon as it has its answer, while the same process learns an endless stream at full speed. Learning alone,
// answering alone and both take turns, so that what a sample and an answer cost the processor says what both should come
// to. Fails where a request failed. The first answers, for which all clients connect, are told apart.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMillraceIn } from '../support/millrace-process.ts';
import { askFor, type Client, connectClients } from './infer/clients.ts';
import { createPhase, learningExpected, measure, type Phase } from './infer/phases.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { nodeOptions, printFigures } from './run-millrace.ts';
import { quantile } from './statistics.ts';

const body = JSON.stringify({
  inputs: [{ name: 'features', shape: [1, 10], datatype: 'FP32', data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }],
});

/** Times that the three phases take turns: what else the machine does weighs on all of them. */
const rounds = 8;

const adminToken = 'bench-of-inference';

/** What it takes. */
export const options = ['--clients N', '--seconds N'];

/** Runs the bench; about 25 seconds. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const clients = numberOption(rest, '--clients', 1000);
  const seconds = numberOption(rest, '--seconds', 8);
  const set = ['checkpoint=false', 'http.port=0', `http.adminToken=${adminToken}`];
  const env = { NODE_OPTIONS: nodeOptions.join(' ') };
  const options = ['-c', 'config/demo.yaml', '--samples', '1000000000', ...set.flatMap((each) => ['--set', each])];
  const { child, stderr } = startMillraceIn({ env }, 'run', ...options);
  try {
    const base = await addressOf(stderr);
    await sleep(2000);
    const connectingAt = performance.now();
    const connected = await connectClients(clients, new URL(`${base}/v2/models/demo/infer`), body);
    const first = await Promise.all(connected.map(({ ask }) => ask()));
    const connectedAfterMs = Math.round(performance.now() - connectingAt);
    const figures = await measured(base, connected, seconds);
    for (const { close } of connected) close();
    const failed = figures.failed + first.filter((status) => status !== 200).length;
    printFigures(json, { bench: 'infer', clients, connectedAfterMs, ...figures, failed });
    if (failed > 0) process.exitCode = 1;
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

/** The phases in turns, and their figures. */
async function measured(base: string, clients: readonly Client[], seconds: number) {
  const [learning, answering, both] = [createPhase(), createPhase(), createPhase()];
  const roundMs = (1000 * seconds) / rounds;
  const latencies: number[] = [];
  let failed = 0;
  for (let round = 0; round < rounds; round++) {
    await measure(learning, base, () => sleep(roundMs / 2));
    const busy = await measure(both, base, () => askFor(roundMs, clients));
    await tell(base, 'pause');
    const idle = await measure(answering, base, () => askFor(roundMs / 2, clients));
    await tell(base, 'resume');
    for (const latency of busy.latencies) latencies.push(latency);
    failed += busy.failed + idle.failed;
  }
  const sorted = latencies.toSorted((a, b) => a - b);
  const expected = learningExpected(learning, answering, both);
  return {
    ...{ requests: sorted.length, failed, requestsPerSecond: Math.round(both.answered / both.seconds) },
    ...{ p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), maxMs: sorted[sorted.length - 1] },
    requestsPerSecondAlone: Math.round(answering.answered / answering.seconds),
    learnedPerSecondAlone: Math.round(learning.learned / learning.seconds),
    learnedPerSecondServing: Math.round(both.learned / both.seconds),
    learnedPerSecondExpectedFromCpu: Math.round(expected),
    measuredOfExpected: rounded(both.learned / both.seconds / expected),
    cpuMicrosPerSample: rounded((1e6 * learning.cpuSeconds) / learning.learned),
    cpuMicrosPerAnswer: rounded((1e6 * answering.cpuSeconds) / answering.answered),
    ...{ cpusLearning: cpusOf(learning), cpusAnswering: cpusOf(answering), cpusBoth: cpusOf(both) },
  };
}

/** Processors that the process had on average. */
function cpusOf({ cpuSeconds, seconds }: Phase): number {
  return rounded(cpuSeconds / seconds);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Pauses or resumes the learning. */
async function tell(base: string, what: 'pause' | 'resume'): Promise<void> {
  const headers = { authorization: `Bearer ${adminToken}` };
  const { status } = await fetch(`${base}/admin/${what}`, { method: 'POST', headers });
  if (status !== 200) throw new Error(`/admin/${what} answered ${status}`);
}

async function addressOf(stderr: () => string): Promise<string> {
  for (;;) {
    const found = /metrics at (http:\S+)\/metrics/.exec(stderr())?.[1];
    if (found) return found;
    await sleep(50);
  }
}
