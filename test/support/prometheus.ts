// A real Prometheus and its promtool, as Debian's package or a download puts them into the PATH.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

/** Where a program is, or null with a loud line that says which tests are skipped for want of it. */
export function findProgram(name: string, remedy: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined)
    console.error(`\n*** ${name.toUpperCase()} TESTS ARE SKIPPED: no \`${name}\` here; ${remedy} ***\n`);
  return found ?? null;
}

/** What promtool says; rejects with its words if it finds fault. */
export async function promtool(path: string, ...args: string[]): Promise<string> {
  try {
    return (await run(path, args)).stdout;
  } catch (error) {
    const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(error);
    throw new Error(`promtool ${args.join(' ')}\n${stdout}${stderr}`);
  }
}

const seriesSchema = z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) });
/** A series that an instant query found: `value` is [time, number as text]. */
export type Series = z.output<typeof seriesSchema>;

const answerSchema = z.object({ data: z.object({ result: z.array(seriesSchema) }) });
const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() })),
      }),
    ),
  }),
});
export type RuleHealth = z.output<typeof rulesSchema>['data']['groups'][number]['rules'][number];

export interface PrometheusClient {
  /** The series of a PromQL instant query. Throws with Prometheus' words if it is not valid. */
  query(promql: string): Promise<Series[]>;
  /** How the evaluation of each rule went. */
  rules(): Promise<RuleHealth[]>;
}

export interface PrometheusServer extends PrometheusClient {
  stop(): Promise<void>;
}

/** Asks the Prometheus at an address. */
export function createPrometheusClient(address: string): PrometheusClient {
  return {
    async query(promql) {
      const response = await fetch(`${address}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: promql }),
      });
      if (!response.ok) throw new Error(`${promql}\n${await response.text()}`);
      return answerSchema.parse(await response.json()).data.result;
    },
    async rules() {
      const { data } = rulesSchema.parse(await (await fetch(`${address}/api/v1/rules`)).json());
      return data.groups.flatMap(({ rules }) => rules);
    },
  };
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts Prometheus over a configuration file, on loopback and a free port; its data goes to `folder`. */
export async function startPrometheus(path: string, configFile: string, folder: string): Promise<PrometheusServer> {
  const port = await freePort();
  const child = spawn(
    path,
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  running.add(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void ended.then(() => running.delete(child));
  const address = `http://127.0.0.1:${port}`;
  const ready = () =>
    fetch(`${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${stderr}`);
    await sleep(50);
  }
  return {
    ...createPrometheusClient(address),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
