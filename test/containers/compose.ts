// docker-compose.yml as a project of the test's own: other names, other ports, the image of this checkout.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { runMillrace } from '../support/millrace-process.ts';
import { freePorts } from '../support/process-broker.ts';
import { checkpointsIn } from '../system/support.ts';
import { docker } from './engine.ts';
import { type Relearn, writeRelearn } from './relearn.ts';

/** What the composed learner learns. */
const config = 'config/kafka-drift.yaml';

export interface ComposeProject {
  /** Addresses on this machine. */
  readonly brokers: string[];
  readonly millrace: string;
  readonly prometheus: string;
  readonly config: string;
  /** What the image is told to be built from. */
  readonly revision: string;
  readonly topics: Readonly<Record<'input' | 'output' | 'dead' | 'journal', string>>;
  /** The files that the oracle learns again with. */
  readonly relearn: Relearn;
  /** `docker compose ARGUMENTS…`; gives its stdout. */
  compose(...args: string[]): Promise<string>;
  /** Kills what runs in a service's container, as a crash would end it: only its restart policy answers. */
  crash(service: string): Promise<void>;
  /** Copies the learner's checkpoints to where the oracle's `verify` looks; gives the weights' digest of the newest. */
  takeCheckpoints(): Promise<string>;
  /** `down -v`, and the files. */
  remove(): Promise<void>;
}

/** Nothing is started yet. Sets the environment that the oracle's own processes read. */
export async function createComposeProject(name: string, image: string): Promise<ComposeProject> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-compose-'));
  const checkpoints = join(folder, 'checkpoints', 'drift');
  const [kafka, page, prometheus] = await freePorts(3);
  const revision = 'f00d';
  const env = {
    ...{ MILLRACE_IMAGE: image, REVISION: revision, RATE: '1000', DRIFT_EVERY: '5000' },
    ...{ KAFKA_PORT: String(kafka), MILLRACE_PORT: String(page), PROMETHEUS_PORT: String(prometheus) },
  };
  const compose = async (...args: string[]) => (await docker(['compose', '-p', name, ...args], env)).stdout;
  vi.stubEnv('KAFKA_BROKERS', `localhost:${kafka}`);
  vi.stubEnv('CHECKPOINT_DIR', checkpoints);
  return {
    brokers: [`localhost:${kafka}`],
    millrace: `http://localhost:${page}`,
    prometheus: `http://localhost:${prometheus}`,
    config,
    revision,
    topics: { input: 'drift', output: 'drift-predictions', dead: 'drift-dead-letters', journal: 'drift-journal' },
    relearn: await writeRelearn(folder, config),
    compose,
    async crash(service) {
      const id = (await compose('ps', '-q', service)).trim();
      const restarts = async () => Number((await docker(['inspect', '--format', '{{.RestartCount}}', id])).stdout);
      const before = await restarts();
      // The shell may well end with the rest.
      await compose('exec', '-T', service, 'sh', '-c', 'kill -9 -1').catch(() => {});
      await expect.poll(restarts, { timeout: 20_000, interval: 50 }).toBeGreaterThan(before);
    },
    async takeCheckpoints() {
      await compose('cp', 'millrace:/var/lib/millrace/checkpoints', folder);
      const newest = checkpointsIn(checkpoints).at(-1) ?? '';
      const { stdout } = await runMillrace('inspect', newest, '--json');
      return z.looseObject({ weightsDigest: z.string() }).parse(JSON.parse(stdout)).weightsDigest;
    },
    async remove() {
      vi.unstubAllEnvs();
      await compose('--profile', '*', 'down', '-v', '--timeout', '0');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
