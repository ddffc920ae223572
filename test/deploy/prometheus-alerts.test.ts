// The alert rules: promtool finds them sound and each does what it should; each has its section in the runbook.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../support/millrace-process.ts';
import { findProgram, promtool } from '../support/prometheus.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

const rulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});
const casesSchema = z.object({
  tests: z.array(
    z.object({
      name: z.string(),
      alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
    }),
  ),
});

const alerts = rulesSchema
  .parse(parse(read('deploy/prometheus/alerts.yml')))
  .groups.flatMap(({ rules }) => rules)
  .map((rule) => ({ ...rule, name: rule.alert }));
const cases = casesSchema.parse(parse(read('test/deploy/prometheus-alerts.yml'))).tests;
const runbook = read('docs/runbook.md');
const tool = findProgram('promtool', "install Debian's package `prometheus`");

describe.skipIf(tool === null)('promtool', { timeout: 120_000 }, () => {
  const check = (...args: string[]) => promtool(tool ?? '', ...args);

  it('finds the configuration and the rules sound', async () => {
    const said = await check('check', 'config', join(root, 'deploy/prometheus/prometheus.yml'));
    expect(said).toContain(`SUCCESS: ${alerts.length} rules found`);
  });

  it('sees each alert fire and keep silent as it should', async () => {
    expect(await check('test', 'rules', join(root, 'test/deploy/prometheus-alerts.yml'))).toContain('SUCCESS');
  });
});

describe.each(alerts)('$name', ({ alert, annotations }) => {
  it('is tried firing, silent, and with its series gone', () => {
    const of = (kind: string) => cases.filter(({ name }) => name.startsWith(`${alert}: ${kind}`));
    const fires = (kind: string) =>
      of(kind).map(({ alert_rule_test: tests }) =>
        tests.map(({ alertname, exp_alerts }) => (alertname === alert ? exp_alerts.length : alertname)),
      );
    expect(fires('firing').length).toBeGreaterThan(0);
    expect(
      fires('firing')
        .flat()
        .every((found) => found === 1),
    ).toBe(true);
    expect(fires('silent').length).toBeGreaterThan(0);
    expect(
      fires('silent')
        .flat()
        .every((found) => found === 0),
    ).toBe(true);
    const gone = of('stale').map(({ name }) => name.slice(alert.length + 2));
    expect(gone).toEqual([alert === 'MillraceAbsent' ? 'stale, fires' : 'stale, silent']);
    expect(fires('stale').flat()).toEqual([alert === 'MillraceAbsent' ? 1 : 0]);
  });

  it('leads to its section of the runbook, which says what it means, where to look and what to do', () => {
    expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    const [, section = ''] = runbook.split(`### ${alert}\n`);
    const [text] = section.split(/^##/m);
    for (const part of ['**Means:**', '**Look:**', '**Do:**']) expect(text).toContain(part);
  });
});

describe('the runbook', () => {
  it('has no section for an alert that is gone', () => {
    const sections = [...runbook.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(alerts.map(({ name }) => name).toSorted());
  });
});
