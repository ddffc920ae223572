// `bench -- infer [--clients N] [--seconds N]`: predictions asked for over HTTP by so many clients at a time, each asking
// again as soon as it has its answer, while the same process learns an endless stream at full speed. The first answers,
// which wait for all connections to be accepted (one a turn of the loop), are told apart.

import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMillrace } from '../support/millrace-process.ts';
import { type BenchOptions, numberOption } from './options.ts';
import { printFigures } from './run-millrace.ts';
import { quantile } from './statistics.ts';

const body = JSON.stringify({
  inputs: [{ name: 'features', shape: [1, 10], datatype: 'FP32', data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }],
});
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };

/** Runs the bench; about 15 seconds. */
export async function run({ json, rest }: BenchOptions): Promise<void> {
  const clients = numberOption(rest, '--clients', 1000);
  const seconds = numberOption(rest, '--seconds', 8);
  const set = ['checkpoint=false', 'http.port=0'].flatMap((assignment) => ['--set', assignment]);
  const unpaced = ['--samples', '1000000000'];
  const { child, stderr } = startMillrace('run', '-c', 'config/demo.yaml', ...set, ...unpaced);
  try {
    const base = await addressOf(stderr);
    await sleep(2000);
    const alone = await learnedPerSecond(base, () => sleep(3000));
    const latencies: number[] = [];
    let failed = 0;
    const agent = new Agent({ keepAlive: true, maxSockets: clients, maxFreeSockets: clients });
    const connectingAt = performance.now();
    const first = await Promise.all(Array.from({ length: clients }, () => ask(base, agent)));
    failed += first.filter((status) => status !== 200).length;
    const connectedAfterMs = performance.now() - connectingAt;
    const busy = await learnedPerSecond(base, async () => {
      const until = performance.now() + 1000 * seconds;
      const client = async () => {
        while (performance.now() < until) {
          const startedAt = performance.now();
          const status = await ask(base, agent);
          latencies.push(performance.now() - startedAt);
          if (status !== 200) failed++;
        }
      };
      await Promise.all(Array.from({ length: clients }, client));
    });
    agent.destroy();
    const sorted = latencies.toSorted((a, b) => a - b);
    printFigures(json, {
      bench: 'infer',
      ...{
        clients,
        connectedAfterMs: Math.round(connectedAfterMs),
        requests: sorted.length,
        failed,
        requestsPerSecond: Math.round(sorted.length / seconds),
      },
      ...{ p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), maxMs: sorted[sorted.length - 1] },
      ...{ learnedPerSecondAlone: alone, learnedPerSecondServing: busy },
    });
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

async function addressOf(stderr: () => string): Promise<string> {
  for (;;) {
    const found = /metrics at (http:\S+)\/metrics/.exec(stderr())?.[1];
    if (found) return found;
    await sleep(50);
  }
}

/** The status of one request; 0 where the connection failed. */
async function ask(base: string, agent: Agent): Promise<number> {
  const sent = request(`${base}/v2/models/demo/infer`, { method: 'POST', agent, headers });
  sent.end(body);
  try {
    const [reply] = await once(sent, 'response');
    await text(reply);
    return reply.statusCode;
  } catch {
    return 0;
  }
}

async function learnedPerSecond(base: string, during: () => Promise<void>): Promise<number> {
  const before = { learned: await learnedAt(base), atMs: performance.now() };
  await during();
  const learned = (await learnedAt(base)) - before.learned;
  return Math.round((1000 * learned) / (performance.now() - before.atMs));
}

async function learnedAt(base: string): Promise<number> {
  const metrics = await (await fetch(`${base}/metrics`)).text();
  return Number(/outcome="learned"\} (\d+)/.exec(metrics)?.[1]);
}
