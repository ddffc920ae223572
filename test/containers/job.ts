// One learning job whose learner lives in containers: the phishing rows again and again over four partitions, some of them
// poison; containers that are killed and started; and the oracle of the faults suite at its end.

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaJSProtocolError } from 'kafkajs';
import type { StartedNetwork, StartedTestContainer } from 'testcontainers';
import { expect, vi } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { root } from '../support/millrace-process.ts';
import { expectExactlyOnce } from '../support/oracle.ts';
import { docker } from './engine.ts';
import { hardenedContainer } from './hardened.ts';
import { readExample, writeRelearn } from './relearn.ts';

const example = 'config/kafka-phishing.yaml';
const partitions = 4;
/** Where the containers have the folder of the job. */
const mounted = '/var/lib/millrace';

const topics = {
  input: 'phishing',
  output: 'phishing-predictions',
  dead: 'phishing-dead-letters',
  journal: 'phishing-kafka-journal',
};

/** Times that a producer would send the rows: more than a test waits for. */
const passes = 300;

const producedSchema = z.looseObject({ records: z.int() });
const resultSchema = z.looseObject({ samples: z.int(), rejected: z.int(), weightsDigest: z.string() });

export interface Job {
  /** The folder of the checkpoints, on this machine. */
  readonly checkpoints: string;
  /** Sends the 1250 rows again and again at a pace, every hundredth record poison, from a container of its own. */
  startProducer(rate: number): Promise<Producer>;
  /** Creates the container of a learner and starts it. */
  startLearner(): Promise<Learner>;
  /** Records that the group has committed, over all partitions. */
  committed(): Promise<number>;
  /** Asks the oracle about what a learner ended with; gives the number of samples. */
  expectExactlyOnce(weightsDigest: string): Promise<number>;
  remove(): Promise<void>;
}

export interface Producer {
  /** SIGTERM; gives the records that it has sent. Fails unless it ended with exit code 0, and before it had sent them all. */
  stop(): Promise<number>;
}

export interface Learner {
  /** SIGKILL to all of the container. */
  kill(): Promise<void>;
  /** Starts the killed container again. */
  start(): Promise<void>;
  /** Resolves once it has said a text on stderr in this life. */
  untilSaid(text: string): Promise<void>;
  /** SIGTERM; gives the result that it printed. Fails unless it ended with exit code 0. */
  stop(): Promise<z.output<typeof resultSchema>>;
}

export interface JobOptions {
  readonly image: string;
  readonly run: string;
  readonly network: StartedNetwork;
  readonly brokers: string[];
}

/** A job with nothing in its input yet. Sets the environment that the oracle's own processes read. */
export async function createContainerJob({ image, run, network, brokers }: JobOptions): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-containers-'));
  const checkpoints = join(folder, 'state', 'checkpoints');
  await mkdir(join(folder, 'state'));
  // The image's user is another than this one.
  await chmod(folder, 0o755);
  await chmod(join(folder, 'state'), 0o777);
  const config = await writeConfig(join(folder, 'job.yaml'));
  const relearn = await writeRelearn(folder, example);
  vi.stubEnv('KAFKA_BROKERS', brokers.join(','));
  vi.stubEnv('CHECKPOINT_DIR', checkpoints);
  const tool = createKafkaTool(brokers);
  const containers: StartedTestContainer[] = [];

  async function start(...command: string[]): Promise<StartedTestContainer> {
    const container = await hardenedContainer(image, run)
      .withNetwork(network)
      .withEnvironment({ KAFKA_BROKERS: 'kafka:29092', CHECKPOINT_DIR: `${mounted}/checkpoints` })
      .withBindMounts([
        { source: folder, target: '/etc/millrace', mode: 'ro' },
        { source: join(folder, 'state'), target: mounted, mode: 'rw' },
      ])
      .withCommand(command)
      .start();
    containers.push(container);
    return container;
  }

  return {
    checkpoints,
    async startProducer(rate) {
      await writeRows(join(folder, 'rows.csv'), passes);
      return producerIn(
        await start(
          ...['produce', '-c', '/etc/millrace/job.yaml', '--from', '/etc/millrace/rows.csv', '--json'],
          ...['--create-topics', String(partitions), '--rate', String(rate)],
        ),
      );
    },
    async startLearner() {
      return learnerIn(await start('run', '-c', '/etc/millrace/job.yaml', '--json'));
    },
    async committed() {
      const admin = tool.kafka.admin();
      await admin.connect();
      // The broker has no coordinator of groups before the first one has come.
      const nothing = (error: unknown) => {
        if (error instanceof KafkaJSProtocolError && error.retriable) return [];
        throw error;
      };
      const [answer] = await admin.fetchOffsets({ groupId: 'phishing-kafka', topics: [topics.input] }).catch(nothing);
      await admin.disconnect();
      return (answer?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
    },
    expectExactlyOnce: (weightsDigest) =>
      expectExactlyOnce({
        ...{ tool, topics, weightsDigest, config, relearn },
        isSample: ({ value }) => !String(value).includes('poison'),
      }),
    async remove() {
      vi.unstubAllEnvs();
      await Promise.all(containers.map((container) => docker(['rm', '-fv', container.getId()])));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function producerIn(container: StartedTestContainer): Producer {
  return {
    async stop() {
      const { records } = producedSchema.parse(await stopContainer(container.getId()));
      expect(records, 'the producer had more to send').toBeLessThan(passes * 1250);
      return records;
    },
  };
}

function learnerIn(container: StartedTestContainer): Learner {
  const id = container.getId();
  const said = async () => (await docker(['logs', id])).stderr;
  let saidBefore = 0;
  return {
    kill: async () => {
      await docker(['kill', '--signal', 'KILL', id]);
      await docker(['wait', id]);
      saidBefore = (await said()).length;
    },
    start: async () => {
      await docker(['start', id]);
    },
    async untilSaid(text) {
      const now = async () => (await said()).slice(saidBefore);
      await expect.poll(now, { timeout: 60_000, interval: 20 }).toContain(text);
    },
    async stop() {
      return resultSchema.parse(await stopContainer(id));
    },
  };
}

/** SIGTERM; gives the last line that it printed, parsed. Fails unless it ended with exit code 0. */
async function stopContainer(id: string): Promise<unknown> {
  await docker(['stop', '-t', '15', id]);
  const { stdout: code } = await docker(['inspect', '--format', '{{.State.ExitCode}}', id]);
  const { stdout, stderr } = await docker(['logs', id]);
  expect({ code: code.trim(), stderr: code.trim() === '0' ? '' : stderr }).toEqual({ code: '0', stderr: '' });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/** The example with commits, checkpoints and sessions that are over soon. */
async function writeConfig(path: string): Promise<string> {
  const values = await readExample(example);
  const kafka = { ...values.source.kafka, sessionTimeoutMs: 2000, maxBytesPerPartition: 16_384 };
  const checkpoint = { dir: `$\{CHECKPOINT_DIR}`, everySamples: 2000, everyMs: 1000, keep: 5 };
  const commit = { everyRecords: 400, everyMs: 100 };
  await writeFile(path, stringify({ ...values, source: { kafka }, commit, checkpoint, http: { port: 9464 } }));
  return path;
}

/** The rows of config/data/phishing.csv `passes` times. */
async function writeRows(path: string, passes: number): Promise<void> {
  const [header, ...rows] = (await readFile(join(root, 'config/data/phishing.csv'), 'utf8')).trimEnd().split('\n');
  const all = Array.from({ length: passes }, () => rows).flat();
  const sent = all.map((row, index) => (index % 100 === 99 ? row.replace(/^[^,]*/, 'poison') : row));
  await writeFile(path, `${[header, ...sent].join('\n')}\n`);
}
