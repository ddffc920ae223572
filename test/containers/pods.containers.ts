// The pods of deploy/kubernetes, run by a container engine as a cluster would: the rendered command line, environment, mounts
// and limits, the probes of the manifests asked over HTTP. Learner, standby and scorer share the checkpoints.

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Network, type StartedNetwork } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTopics } from '../../src/kafka/topics.ts';
import { startDockerBroker } from '../support/docker-broker.ts';
import { createKafkaTool } from '../support/kafka-topics.ts';
import { root } from '../support/millrace-process.ts';
import { numberedMessages } from '../support/numbered-samples.ts';
import { freePorts } from '../support/process-broker.ts';
import { docker } from './engine.ts';
import { hardenedContainer } from './hardened.ts';
import { kubernetesTools } from './kubernetes-tools.ts';
import { filesOf, type Pod, podsOf } from './manifests.ts';
import { labelKey } from './setup.ts';

const image = inject('image');
const run = inject('containerRun');
const tools = image === null ? null : await kubernetesTools();

interface RunningPod {
  readonly id: string;
  /** The status of a probe that the manifest has, or of a path. */
  status(path: 'liveness' | 'readiness' | `/${string}`): Promise<number>;
  readonly url: string;
}

describe.skipIf(tools === null)('the pods of Kubernetes', () => {
  let folder = '';
  let network: StartedNetwork | null = null;
  let broker: Awaited<ReturnType<typeof startDockerBroker>> | null = null;
  let pods: readonly Pod[] = [];
  const running = new Map<string, RunningPod>();

  /** Runs a pod's only container with the volumes that it names. */
  async function start(name: string, pod: Pod, ...more: string[]): Promise<RunningPod> {
    const [container] = pod.spec.containers;
    const [port] = await freePorts(1);
    const mounts = container.volumeMounts
      .filter((mount) => mount.name !== 'tmp')
      .map(({ name: volume, mountPath, readOnly }) => ({
        ...{ source: join(folder, volume), target: mountPath },
        mode: readOnly ? ('ro' as const) : ('rw' as const),
      }));
    const prepared = hardenedContainer(image ?? '', run)
      .withEnvironment(Object.fromEntries(container.env.map((each) => [each.name, each.value])))
      .withBindMounts(mounts)
      .withResourcesQuota({ memory: Number.parseInt(container.resources.limits.memory, 10) / 1024 })
      .withExposedPorts({ container: 9464, host: port })
      .withCommand([...container.args, ...more]);
    if (network) prepared.withNetwork(network);
    const id = (await prepared.start()).getId();
    const paths = { liveness: container.livenessProbe.httpGet.path, readiness: container.readinessProbe.httpGet.path };
    const url = `http://localhost:${port}`;
    const started = {
      ...{ id, url },
      status: async (path: keyof typeof paths | `/${string}`) => {
        const asked = path === 'liveness' || path === 'readiness' ? paths[path] : path;
        return (await fetch(`${url}${asked}`)).status;
      },
    };
    running.set(name, started);
    return started;
  }

  const pod = (name: string) => {
    const found = pods.find((each) => each.name === name);
    if (!found) throw new Error(`no manifest makes pods named ${name}`);
    return found;
  };
  const becomes = (status: () => Promise<number>, wanted: number) =>
    expect.poll(status, { timeout: 30_000, interval: 100 }).toBe(wanted);

  beforeAll(async () => {
    const documents = (await tools?.build(join(root, 'deploy/kubernetes/full'))) ?? '';
    pods = podsOf(documents);
    folder = await mkdtemp(join(tmpdir(), 'millrace-pods-'));
    await chmod(folder, 0o755);
    for (const volume of ['config', 'secret', 'state']) await mkdir(join(folder, volume));
    await chmod(join(folder, 'state'), 0o777);
    await writeFile(join(folder, 'secret', 'admin-token'), 'a token of the test\n');
    for (const [name, text] of Object.entries(filesOf(documents))) await writeFile(join(folder, 'config', name), text);
    network = await new Network().start();
    broker = await startDockerBroker({ network, labels: { [labelKey]: run } });
    const tool = createKafkaTool(broker.brokers);
    const admin = tool.kafka.admin();
    await admin.connect();
    const topics = ['drift', 'drift-predictions', 'drift-dead-letters'];
    await createTopics(
      admin,
      topics.map((topic) => ({ topic, numPartitions: 2, replicationFactor: 1 })),
    );
    await admin.disconnect();
    await tool.send('drift', numberedMessages(0, 4000, 2), 100);
  });
  afterAll(async () => {
    for (const { id } of running.values()) await docker(['rm', '-fv', id]);
    await broker?.stop();
    await network?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are one that learns and one that stands by, both as ready as a roll-out wants them', async () => {
    const brokers = '--set=source.kafka.brokers=kafka:29092';
    const first = await start('millrace-0', pod('millrace'), brokers);
    await becomes(() => first.status('readiness'), 200);
    const second = await start('millrace-1', pod('millrace'), brokers);
    await becomes(() => second.status('readiness'), 200);
    expect(await Promise.all([first.status('/readyz'), second.status('/readyz')])).toEqual([200, 503]);
    expect(await Promise.all([first.status('liveness'), second.status('liveness')])).toEqual([200, 200]);
  });

  it('save a checkpoint for who has the token of the secret, and the scorer serves it', async () => {
    const scorer = await start('scorer', pod('millrace-scorer'));
    expect(await Promise.all([scorer.status('liveness'), scorer.status('readiness')])).toEqual([200, 503]);
    const headers = { authorization: 'Bearer a token of the test' };
    const saved = await fetch(`${running.get('millrace-0')?.url}/admin/checkpoint`, { method: 'POST', headers });
    expect([saved.status, await saved.json()]).toEqual([
      200,
      { checkpoint: expect.stringContaining('/var/lib/millrace/checkpoints/') },
    ]);
    await becomes(() => scorer.status('readiness'), 200);
    const inputs = [{ name: 'features', shape: [1, 4], datatype: 'FP64', data: [0.1, 0.2, 0.3, 0.4] }];
    const predicted = await fetch(`${scorer.url}/v2/models/drift/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs }),
    });
    expect(await predicted.json()).toMatchObject({
      model_name: 'drift',
      outputs: [{ name: 'prediction', shape: [1] }, {}],
    });
  });

  it('stay far below their limits of memory', async () => {
    const ids = [...running.values()].map(({ id }) => id);
    const { stdout } = await docker(['stats', '--no-stream', '--format', '{{.MemPerc}}', ...ids]);
    const shares = stdout.trim().split('\n').map(Number.parseFloat);
    console.log(`containers: ${[...running.keys()].join(', ')} take ${shares.join(', ')} % of their limits`);
    expect(shares).toHaveLength(3);
    for (const share of shares) expect(share).toBeLessThan(60);
  });

  it('hand over when the one that learns is told to end, as in a roll-out', async () => {
    const [first, second] = [running.get('millrace-0'), running.get('millrace-1')];
    await docker(['stop', '-t', '20', first?.id ?? '']);
    const { stdout } = await docker(['inspect', '--format', '{{.State.ExitCode}}', first?.id ?? '']);
    expect(stdout.trim()).toBe('0');
    await becomes(() => second?.status('/readyz') ?? Promise.resolve(0), 200);
  });
});
