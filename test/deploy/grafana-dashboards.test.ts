// The dashboards and their provisioning: what a user relies on in every panel, and that they tell all the metrics there are.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../support/millrace-process.ts';
import { dashboardFolder, dashboards, type Panel, panelQueries, panelsOf } from './dashboards.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readYaml = (path: string): unknown => parse(read(path));
const alerts = read('deploy/prometheus/alerts.yml');

/** The documented metrics, a summary as its sum and count. */
const documented = [...read('docs/metrics.md').matchAll(/^\| `(millrace_\w+)` \| (\w+) \|/gm)].flatMap(
  ([, name, type]) => (type === 'summary' ? [`${name}_sum`, `${name}_count`] : [name]),
);

/** The variable of the data source, as a panel names it. */
const chosen = expect.stringMatching(/^\$\{datasource\}$/);

/** Windows that follow the picture. */
const windows = ['[$__rate_interval]', '[$__range]'];

/** Units of Grafana that the panels use. */
const units = ['none', 'short', 'percentunit', 's', 'bytes', 'ops', 'rps', 'reqps', 'bool_yes_no'];

const panels = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard).map((panel) => ({ name: `${dashboard.title}: ${panel.title}`, panel })),
);

function overlap(a: Panel, b: Panel): boolean {
  const [p, q] = [a.gridPos, b.gridPos];
  return a !== b && p.x < q.x + q.w && q.x < p.x + p.w && p.y < q.y + q.h && q.y < p.y + p.h;
}

describe.each(dashboards)('$title', (dashboard) => {
  it('has a stable uid, no id of a database, and panels with ids and places of their own', () => {
    expect(dashboard).toMatchObject({ uid: expect.stringMatching(/^millrace-\w+$/), editable: false, id: null });
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const shown = panelsOf(dashboard);
    expect(shown.filter((each) => each.gridPos.x + each.gridPos.w > 24)).toEqual([]);
    expect(shown.filter((each) => shown.some((other) => overlap(each, other)))).toEqual([]);
    expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length);
  });

  it('chooses data source, job, model and instance, the last three any number at once', () => {
    const [source, ...rest] = dashboard.templating.list;
    expect(source).toMatchObject({ name: 'datasource', label: 'Data source', type: 'datasource' });
    expect(rest.map(({ name, label }) => [name, label])).toEqual([
      ['job', 'Job'],
      ['name', 'Name'],
      ['instance', 'Instance'],
    ]);
    for (const each of rest) {
      expect(each).toMatchObject({ multi: true, allValue: '.+', refresh: 2, datasource: { uid: chosen } });
      expect(each.definition).toMatch(/^label_values\(millrace_build_info/);
    }
  });
});

describe.each(panels)('$name', ({ panel }) => {
  it('says what it shows, in a unit, with thresholds, of what is chosen', () => {
    expect(panel.description.length).toBeGreaterThan(10);
    expect(units).toContain(panel.fieldConfig.defaults.unit);
    expect(panel.fieldConfig.defaults.thresholds.steps[0].value).toBeNull();
    expect(panel.datasource).toMatchObject({ uid: chosen });
    expect(panel.targets.length).toBeGreaterThan(0);
    for (const { expr, datasource } of panel.targets) {
      expect(datasource).toMatchObject({ uid: chosen });
      // Each selector has both matchers, and each rate its window from Grafana.
      const names = expr.match(/\b(millrace|process|nodejs)_\w+|\bup\b/g) ?? [];
      expect(expr.split('job=~"$job", instance=~"$instance"').length - 1).toBe(names.length);
      expect((expr.match(/\[[^\]]*\]/g) ?? []).filter((window) => !windows.includes(window))).toEqual([]);
    }
  });
});

describe('the dashboards', () => {
  it('show no metric that is not documented, and with the rules all that are', () => {
    expect(documented.length).toBeGreaterThan(30);
    const queries = panelQueries.map(({ expr }) => expr).join('\n');
    const used = new Set(`${queries}\n${alerts}`.match(/\bmillrace_\w+/g) ?? []);
    expect([...used].filter((name) => !documented.includes(name))).toEqual([]);
    expect(documented.filter((name) => !used.has(name))).toEqual([]);
  });

  it('excuse from the linter only panels that are there', () => {
    const schema = z.object({
      exclusions: z.record(
        z.string(),
        z.object({ reason: z.string(), entries: z.array(z.object({ dashboard: z.string(), panel: z.string() })) }),
      ),
    });
    const { exclusions } = schema.parse(readYaml(`${dashboardFolder}/.lint`));
    const excused = Object.values(exclusions).flatMap(({ entries }) => entries);
    const names = excused.map(({ dashboard, panel }) => `${dashboard}: ${panel}`);
    expect(names.filter((name) => !panels.some((each) => each.name === name))).toEqual([]);
  });
});

describe('the provisioning', () => {
  const folder = 'deploy/grafana/provisioning';

  it('names the data source that the dashboards choose at first', () => {
    const provided = readYaml(`${folder}/datasources/prometheus.yml`);
    expect(provided).toMatchObject({
      apiVersion: 1,
      datasources: [{ uid: 'millrace-prometheus', type: 'prometheus' }],
    });
    for (const { templating } of dashboards) expect(templating.list[0].current.value).toBe('millrace-prometheus');
    const { global: scrape } = z
      .object({ global: z.object({ scrape_interval: z.string() }) })
      .parse(readYaml('deploy/prometheus/prometheus.yml'));
    expect(provided).toMatchObject({ datasources: [{ jsonData: { timeInterval: scrape.scrape_interval } }] });
  });

  it('loads the dashboards from the folder that the page tells', () => {
    const schema = z.object({
      apiVersion: z.literal(1),
      providers: z.array(z.object({ type: z.literal('file'), options: z.object({ path: z.string() }) })),
    });
    const { providers } = schema.parse(readYaml(`${folder}/dashboards/millrace.yml`));
    expect(providers).toHaveLength(1);
    expect(read('deploy/grafana/README.md')).toContain(`\`${providers[0].options.path}\``);
  });
});
