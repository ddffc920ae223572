// `millrace verify` over a real Kafka, as a user runs it.

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint-file.ts';
import { createFileNames } from '../../src/checkpoint/file-names.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { runMillrace } from '../support/millrace-process.ts';
import { settledEnd } from '../support/partition-ends.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { checkpointsIn, temporaryFolder, write } from './support.ts';

const brokers = (await sharedBroker()) ?? [];
const tool = createKafkaTool(brokers);

it.skipIf(brokers.length === 0)('verify passes over a checkpoint of a commit that Kafka has lost', async () => {
  const [folder, name, input] = [temporaryFolder(), `verify-${randomUUID()}`, await tool.createTopic(1)];
  const lines = [
    `name: ${name}`,
    `source: { kafka: { brokers: ["${brokers.join('", "')}"], topic: ${input} } }`,
    `checkpoint: { dir: "${join(folder, 'checkpoints')}" }`,
    'schema: { features: [a], target: { from: label, type: binary } }',
    'http: false',
  ];
  const config = write(folder, 'run.yaml', lines.join('\n'));
  await tool.send(
    input,
    Array.from({ length: 100 }, (_, a) => ({ value: JSON.stringify({ a, label: a % 2 }) })),
  );
  const run = await runMillrace('run', '-c', config, '--stop-at-end', '--json');
  expect(run.code, run.stderr).toBe(0);
  const journal = `${name}-journal`;
  await tool.sendTransaction(journal, [{ value: 'a commit that was lost' }], 'abort');
  // The abort's marker comes last, and some time after the broker's word for it.
  const lost = (await settledEnd(brokers, journal)) - 2;
  const [sound] = checkpointsIn(join(folder, 'checkpoints'));
  const { tensors, meta } = decodeCheckpoint(readFileSync(sound));
  const ahead = join(folder, 'checkpoints', createFileNames(name).checkpoint(120));
  const marks = { predictions: null, deadLetters: null, journal: lost + 1 };
  writeFileSync(ahead, encodeCheckpoint({ sequence: 120, tensors, meta: { ...meta, marks } }));
  const { code, stdout, stderr } = await runMillrace('verify', '-c', config, '--json');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ match: true, samples: 100, checkpoint: { path: sound } });
  expect(stderr).toContain(
    `checkpoint ${ahead} is of a commit that Kafka has lost, at offset ${lost} of topic '${journal}'`,
  );
});
