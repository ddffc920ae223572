// Writes deploy/kubernetes/monitoring/prometheus-rule.yaml from the alert rules; a test holds it to them.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const placeOf = (path: string) => fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));

/** Where it is written. */
export const prometheusRulePath = placeOf('kubernetes/monitoring/prometheus-rule.yaml');

/** The PrometheusRule of a file of alert rules, which is its `spec` as it stands. */
export function prometheusRule(alerts: string): string {
  const head = [
    '# Made by `npm run docs` from deploy/prometheus/alerts.yml: edit that.',
    'apiVersion: monitoring.coreos.com/v1',
    'kind: PrometheusRule',
    'metadata:',
    '  name: millrace',
    '  labels:',
    '    app.kubernetes.io/name: millrace',
    'spec:',
  ];
  const rules = alerts.slice(alerts.indexOf('groups:')).replaceAll(/^(?=.)/gm, '  ');
  return `${head.join('\n')}\n${rules}`;
}

/** What the file should hold now. */
export function currentPrometheusRule(): string {
  return prometheusRule(readFileSync(placeOf('prometheus/alerts.yml'), 'utf8'));
}

if (import.meta.main) writeFileSync(prometheusRulePath, currentPrometheusRule());
