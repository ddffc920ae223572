// Runs of Millrace for a Prometheus to scrape: one that classifies, one of regression, and over Kafka where there is a broker.

import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Partitioners } from 'kafkajs';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { type Finished, type MillraceProcess, startMillrace } from '../support/millrace-process.ts';
import { numberedMessages } from '../support/numbered-samples.ts';
import { settings } from '../system/support.ts';

export interface LiveRun {
  /** host:port, as Prometheus names it in `instance`. */
  readonly instance: string;
  stop(): Promise<void>;
}

/** The demo, at its pace for ever, asked for a prediction over HTTP again and again. */
export async function startClassification(folder: string): Promise<LiveRun> {
  const run = await start(folder, 'demo', '-c', 'config/demo.yaml', ...settings('checkpoint.everyMs=500'));
  const body = JSON.stringify({
    inputs: [{ name: 'features', shape: [1, 10], datatype: 'FP64', data: Array(10).fill(0.5) }],
  });
  const asking = repeat(async () => {
    const answer = await fetch(`http://${run.instance}/v2/models/demo/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const said = await answer.text();
    // Before the model is there, it says so.
    if (!answer.ok && answer.status !== 503) throw new Error(`inference: ${answer.status} ${said}`);
  });
  return { instance: run.instance, stop: () => asking.stop().finally(run.stop) };
}

/** Mini-batches of a regression, kept at a pace of 2000 a second. */
export function startRegression(folder: string): Promise<LiveRun> {
  const more = ['source.synthetic.samplesPerSecond=2000', 'source.synthetic.samples=1000000', 'checkpoint.everyMs=500'];
  return start(folder, 'regression', '-c', 'config/mini-batch-adam.yaml', ...settings(...more));
}

/** A run that keeps checkpoints, and whose next one fails once `fail` is called: a file is where its folder was. */
export async function startFailing(folder: string): Promise<LiveRun & { fail(): Promise<Finished> }> {
  const more = settings('name=failing', 'checkpoint.everyMs=500');
  const run = await start(folder, 'failing', '-c', 'config/demo.yaml', ...more);
  return {
    ...run,
    async fail() {
      const checkpoints = join(folder, 'failing');
      while (!(await readdir(checkpoints).catch(() => [])).length) await sleep(20);
      await rename(checkpoints, `${checkpoints}-gone`);
      await writeFile(checkpoints, '');
      return run.finished;
    },
  };
}

/** Exactly once over two partitions that are written to again and again, now and then what is no record. */
export async function startKafka(folder: string, brokers: string[]): Promise<LiveRun> {
  const tool = createKafkaTool(brokers);
  const [input, output, dead] = [await tool.createTopic(2), await tool.createTopic(2), await tool.createTopic(1)];
  const run = await start(
    folder,
    `live-${input}`,
    ...['-c', 'config/kafka-phishing.yaml'],
    ...settings(
      `name=live-${input}`,
      `source.kafka.brokers=${brokers.join(',')}`,
      `source.kafka.topic=${input}`,
      `predictions.kafka.topic=${output}`,
      `deadLetters.kafka.topic=${dead}`,
      'schema.features=[a, b, c, d]',
      'schema.target.from=label',
      'checkpoint.everyMs=500',
    ),
  );
  const producer = tool.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  let next = 0;
  const feeding = repeat(async () => {
    const bad = [{ partition: 0, value: 'no JSON' }];
    await producer.send({ topic: input, messages: [...numberedMessages(next, next + 50, 2), ...bad] });
    next += 50;
  });
  return {
    instance: run.instance,
    stop: () =>
      feeding
        .stop()
        .finally(() => producer.disconnect())
        .finally(run.stop),
  };
}

async function start(
  folder: string,
  name: string,
  ...args: string[]
): Promise<LiveRun & Pick<MillraceProcess, 'finished'>> {
  const own = settings(`checkpoint.dir=${join(folder, name)}`, 'http.port=0', 'http.host=127.0.0.1');
  const sinks = name === 'regression' ? settings(`predictions.file.path=${join(folder, 'predictions.ndjson')}`) : [];
  const process = startMillrace('run', ...args, ...own, ...sinks);
  return {
    instance: await addressOf(process),
    finished: process.finished,
    stop: async () => {
      process.child.kill('SIGTERM');
      await process.finished;
    },
  };
}

async function addressOf({ child, stderr }: MillraceProcess): Promise<string> {
  for (;;) {
    const address = /metrics at http:\/\/([^/]+)\/metrics\n/.exec(stderr())?.[1];
    if (address !== undefined) return address;
    if (child.exitCode !== null) throw new Error(`millrace ended: ${stderr()}`);
    await sleep(20);
  }
}

/** Does the work ten times a second until stopped; a failure of the work ends it and shows at the stop. */
function repeat(work: () => Promise<void>): { stop(): Promise<void> } {
  let going = true;
  const done = (async () => {
    while (going) {
      await work();
      await sleep(100);
    }
  })();
  done.catch(() => {});
  return {
    stop() {
      going = false;
      return done;
    },
  };
}
