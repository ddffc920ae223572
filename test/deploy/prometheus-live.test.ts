// A real Prometheus scrapes running processes: every query of every panel and every series of every rule finds data, or is
// listed here with the reason why it cannot; what is listed and finds data is a mistake of the list.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { root } from '../support/millrace-process.ts';
import { findProgram, type PrometheusServer, startPrometheus } from '../support/prometheus.ts';
import { sharedBroker } from '../support/shared-broker.ts';
import { dashboards, filledIn, panelQueries } from './dashboards.ts';
import { emptyBecause, emptyOnes } from './found-data.ts';
import { type LiveRun, startClassification, startFailing, startKafka, startRegression } from './live-runs.ts';

/** Series of the rules that are there only with a broker. */
const kafkaOnly = /^millrace_(consumer_lag|transactions|transaction)_/;
/** Those that are there only in the last scrape of a run that has failed. */
const failedOnly = /^millrace_failure_info/;

const brokers = await sharedBroker();
const program = findProgram('prometheus', "install Debian's package `prometheus`");
const runs = new Map<keyof typeof emptyBecause, LiveRun>();
let folder = '';
let failing: Awaited<ReturnType<typeof startFailing>> | null = null;
let prometheus: PrometheusServer | null = null;

/** deploy/prometheus/prometheus.yml with these runs for targets, and scraping fast. */
async function configuration(targets: string[]): Promise<string> {
  const file = z.looseObject({ global: z.looseObject({}), scrape_configs: z.tuple([z.looseObject({})]) });
  const { scrape_configs: scrapes, ...rest } = file.parse(
    parse(await readFile(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8')),
  );
  const path = join(folder, 'prometheus.yml');
  const config = {
    ...rest,
    global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '1s' },
    rule_files: [join(root, 'deploy/prometheus/alerts.yml')],
    scrape_configs: [{ ...scrapes[0], static_configs: [{ targets }] }],
  };
  await writeFile(path, stringify(config));
  return path;
}

/** Those of the queries that Prometheus finds nothing for. */
function emptyNow(queries: readonly { key: string; expr: string }[], expected: readonly string[]): Promise<string[]> {
  if (!prometheus) throw new Error('Prometheus has not been started');
  return emptyOnes(prometheus, queries, expected);
}

describe.skipIf(program === null)('a Prometheus that scrapes running processes', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-prometheus-'));
    runs.set('classification', await startClassification(folder));
    runs.set('regression', await startRegression(folder));
    if (brokers) runs.set('kafka', await startKafka(folder, brokers));
    failing = await startFailing(folder);
    const targets = [...runs.values(), failing].map(({ instance }) => instance);
    prometheus = await startPrometheus(program ?? '', await configuration(targets), folder);
  });
  afterAll(async () => {
    await Promise.all([...runs.values(), ...(failing ? [failing] : [])].map((run) => run.stop()));
    await prometheus?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const kinds = [...(brokers ? (['kafka'] as const) : []), 'classification', 'regression'] as const;

  it.each(kinds)('finds data for every panel of the %s run, but for those listed', async (kind) => {
    const instance = runs.get(kind)?.instance ?? '';
    const queries = panelQueries.map(({ key, expr }) => ({
      key,
      expr: filledIn(expr, { instance, job: 'millrace', window: '10s' }),
    }));
    const listed = Object.keys(emptyBecause[kind]);
    expect(await emptyNow(queries, listed)).toEqual(listed.toSorted());
  });

  it('offers every run for choice in the variables', async () => {
    const values = { instance: '.+', job: '.+', window: '10s' };
    for (const { templating } of dashboards) {
      for (const { definition } of templating.list.filter(({ type }) => type === 'query')) {
        const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(definition ?? '') ?? [];
        const choices = await prometheus?.query(
          `group by (${label}) (${filledIn(selector, values).replace('$name', '.+')})`,
        );
        expect(choices).toHaveLength(label === 'job' ? 1 : runs.size + 1);
      }
    }
  });

  it('finds every series that a rule looks at, but for those of a failure, and of Kafka where there is no broker', async () => {
    const rules = z.object({ groups: z.array(z.object({ rules: z.array(z.object({ expr: z.string() })) })) });
    const text = await readFile(join(root, 'deploy/prometheus/alerts.yml'), 'utf8');
    const expressions = rules.parse(parse(text)).groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
    const selectors = new Set(
      expressions.flatMap((expr) => expr.match(/\b(millrace|process)_\w+(\{[^}]*\})?|\bup\{[^}]*\}/g) ?? []),
    );
    expect(selectors.size).toBeGreaterThan(15);
    const queries = [...selectors].map((selector) => ({ key: selector, expr: selector }));
    const listed = [...selectors].filter(
      (selector) => failedOnly.test(selector) || (!brokers && kafkaOnly.test(selector)),
    );
    expect(await emptyNow(queries, listed)).toEqual(listed.toSorted());
  });

  it('evaluates every rule without an error', async () => {
    await expect
      .poll(async () => (await prometheus?.rules())?.map(({ health }) => health) ?? [], { timeout: 20_000 })
      .not.toContain('unknown');
    const rules = (await prometheus?.rules()) ?? [];
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health, lastError }) => health !== 'ok' || lastError)).toEqual([]);
  });

  it('sees why a run has failed, though its process has ended with it', async () => {
    const ended = await failing?.fail();
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/ends after the next scrape of \/metrics/) });
    const firing = `ALERTS{alertstate="firing", instance="${failing?.instance}"}`;
    await expect
      .poll(async () => (await prometheus?.query(firing))?.map(({ metric }) => metric), { timeout: 20_000 })
      .toEqual(
        expect.arrayContaining([
          expect.objectContaining({ alertname: 'MillraceCheckpointFailed', severity: 'critical' }),
          expect.objectContaining({ alertname: 'MillraceFailed', code: 'checkpoint-unwritable' }),
        ]),
      );
    const { expr } = panelQueries.find(({ key }) => key === 'Operation / Failures / A') ?? { expr: 'no panel' };
    const values = { instance: failing?.instance ?? '', job: 'millrace', window: '1m' };
    const shown = await prometheus?.query(filledIn(expr, values));
    expect(shown?.map(({ metric }) => metric.code)).toEqual(['checkpoint-unwritable']);
  });
});
