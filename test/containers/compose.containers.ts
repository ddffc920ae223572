// docker-compose.yml brings what it says: predictions soon after `up`, data for every panel, exactly once over kills of the
// learner and of the broker, and nothing left after `down -v`.

import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { filledIn, panelQueries } from '../deploy/dashboards.ts';
import { emptyBecause, emptyOnes } from '../deploy/found-data.ts';
import { createKafkaTool, type KafkaTool } from '../support/kafka-topics.ts';
import { expectExactlyOnce } from '../support/oracle.ts';
import { createPrometheusClient } from '../support/prometheus.ts';
import { type ComposeProject, createComposeProject } from './compose.ts';
import { leftOf } from './engine.ts';

const image = inject('image');
const name = inject('containerRun');

const composedSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      build: z.object({ args: z.record(z.string(), z.string()) }).optional(),
      healthcheck: z.object({ test: z.array(z.string()).default([]), disable: z.boolean().default(false) }).optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).nullish(),
      ports: z.array(z.object({ host_ip: z.string() })).default([]),
      volumes: z
        .array(z.object({ type: z.string(), source: z.string(), read_only: z.boolean().default(false) }))
        .default([]),
    }),
  ),
});

/** Records in a topic, markers of transactions among them; 0 as long as nobody can say. */
async function heldBy(tool: KafkaTool, topic: string): Promise<number> {
  const admin = tool.kafka.admin();
  try {
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  } catch {
    return 0;
  } finally {
    await admin.disconnect();
  }
}

/** Records of the input that are committed. */
async function committed(tool: KafkaTool): Promise<number> {
  const admin = tool.kafka.admin();
  try {
    await admin.connect();
    const [answer] = await admin.fetchOffsets({ groupId: 'drift', topics: ['drift'] });
    return (answer?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  } catch {
    return 0;
  } finally {
    await admin.disconnect();
  }
}

describe.skipIf(image === null)('docker compose', () => {
  let project: ComposeProject | null = null;
  const here = () => {
    if (!project) throw new Error('no project');
    return project;
  };

  beforeAll(async () => {
    project = await createComposeProject(name, image ?? '');
  });
  afterAll(async () => {
    await project?.remove();
  });

  it('gives every service, Grafana too, no more than it needs', async () => {
    const all = await here().compose('--profile', '*', 'config', '--format', 'json');
    const { services } = composedSchema.parse(JSON.parse(all));
    expect(Object.keys(services).toSorted()).toEqual([
      'grafana',
      'kafka',
      'millrace',
      'producer',
      'prometheus',
      'topics',
    ]);
    for (const [service, { ports, volumes, build, ...rest }] of Object.entries(services)) {
      const hardened = { cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] };
      expect(rest, service).toMatchObject({ ...hardened, restart: expect.any(String), mem_limit: expect.any(String) });
      expect(build !== undefined, service).toBe(service === 'topics');
      if (build) expect(build.args).toEqual({ REVISION: here().revision });
      for (const { host_ip } of ports) expect(host_ip, service).toBe('127.0.0.1');
      for (const { type, source, read_only } of volumes.filter(({ type }) => type === 'bind'))
        expect({ type, isThere: existsSync(source), read_only }, source).toEqual({
          type: 'bind',
          isThere: true,
          read_only: true,
        });
    }
  });

  it('asks every service whether it is well, but for the two that serve nothing, and waits for that', async () => {
    const all = await here().compose('--profile', '*', 'config', '--format', 'json');
    const { services } = composedSchema.parse(JSON.parse(all));
    const asked = Object.entries(services).map(([service, { healthcheck }]) => {
      if (healthcheck === undefined) return [service, 'as the image has it'];
      return [service, healthcheck.disable ? 'not' : healthcheck.test[1]];
    });
    expect(Object.fromEntries(asked)).toEqual({
      ...{ kafka: 'bash', prometheus: 'promtool', grafana: 'curl' },
      ...{ millrace: 'as the image has it', topics: 'not', producer: 'not' },
    });
    const waits = Object.values(services).flatMap(({ depends_on }) => Object.values(depends_on ?? {}));
    expect(new Set(waits.map(({ condition }) => condition))).toEqual(
      new Set(['service_healthy', 'service_completed_successfully']),
    );
  });

  it('brings predictions, a page and metrics to this machine', async () => {
    const { compose, brokers, topics, millrace } = here();
    const startedMs = performance.now();
    await compose('up', '-d', '--no-build');
    const tool = createKafkaTool(brokers);
    await expect.poll(() => heldBy(tool, topics.output), { timeout: 60_000, interval: 100 }).toBeGreaterThan(0);
    const seconds = (performance.now() - startedMs) / 1000;
    console.log(`containers: first prediction ${seconds.toFixed(1)} s after docker compose up`);
    // The predictions that are seen so may be of a transaction that is still open: it is ready with the first that is over.
    for (const path of ['/readyz', '/', '/metrics'])
      await expect.poll(async () => (await fetch(`${millrace}${path}`)).status, { timeout: 10_000 }).toBe(200);
    const states = (await compose('ps', '-a', '--format', '{{.Service}} {{.State}} {{.ExitCode}}')).trim().split('\n');
    expect(states.toSorted()).toEqual([
      'kafka running 0',
      'millrace running 0',
      'producer running 0',
      'prometheus running 0',
      'topics exited 0',
    ]);
  });

  it('has a Prometheus that finds data for every panel of the dashboards, and rules without an error', async () => {
    const prometheus = createPrometheusClient(here().prometheus);
    const values = { instance: 'millrace:9464', job: 'millrace', window: '20s' };
    const queries = panelQueries.map(({ key, expr }) => ({ key, expr: filledIn(expr, values) }));
    const listed = Object.keys(emptyBecause.kafka);
    expect(await emptyOnes(prometheus, queries, listed)).toEqual(listed.toSorted());
    const rules = await prometheus.rules();
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health, lastError }) => health === 'err' || lastError)).toEqual([]);
  });

  it('loses nothing and doubles nothing when the learner and the broker are killed', async () => {
    const { compose, brokers, topics, config, relearn, crash, takeCheckpoints } = here();
    const tool = createKafkaTool(brokers);
    const goesOn = async () => {
      const before = await committed(tool);
      await expect.poll(() => committed(tool), { timeout: 90_000, interval: 200 }).toBeGreaterThan(before + 500);
    };
    await goesOn();
    await compose('kill', '-s', 'KILL', 'millrace');
    await compose('up', '-d', '--no-build');
    await goesOn();
    await crash('millrace');
    await goesOn();
    await compose('kill', '-s', 'KILL', 'kafka', 'millrace');
    await compose('up', '-d', '--no-build');
    await goesOn();
    await compose('stop', 'producer');
    const records = await heldBy(tool, topics.input);
    await expect.poll(() => committed(tool), { timeout: 60_000, interval: 200 }).toBe(records);
    await compose('stop', 'millrace');
    const weightsDigest = await takeCheckpoints();
    const isSample = () => true;
    expect(await expectExactlyOnce({ tool, config, relearn, topics, isSample, weightsDigest })).toBe(records);
    console.log(`containers: ${records} records through docker compose, each exactly once`);
  });

  it('leaves nothing behind', async () => {
    await here().compose('down', '-v');
    expect(await leftOf(`com.docker.compose.project=${name}`)).toEqual([]);
  });
});
