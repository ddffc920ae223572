// What the deployments repeat of each other, and the configuration of the pods; the manifests' own shape is looked at by
// `npm run test:containers`.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { version } from '../../src/version.ts';
import { root, runMillraceIn } from '../support/millrace-process.ts';
import { temporaryFolder, write } from '../system/support.ts';
import { currentPrometheusRule } from '../tooling/prometheus-rule.ts';

const read = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8');

describe('deploy/kubernetes', () => {
  it('has the alert rules as they are in deploy/prometheus; `npm run docs` writes them', () => {
    const rule = read('kubernetes/monitoring/prometheus-rule.yaml');
    expect(rule).toBe(currentPrometheusRule());
    expect(parse(rule).spec).toEqual(parse(read('prometheus/alerts.yml')));
  });

  it('gives the pods a configuration without a mistake, and the token of a secret file', async () => {
    const token = write(temporaryFolder(), 'admin-token', 'sixteen characters\n');
    const { code, stdout, stderr } = await runMillraceIn(
      { env: { MILLRACE_ADMIN_TOKEN_FILE: token } },
      ...['lint', '-c', 'deploy/kubernetes/base/millrace.yaml', `--set=http.adminToken=$\{MILLRACE_ADMIN_TOKEN}`],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('/var/lib/millrace/checkpoints');
  });

  it('runs the image of this version', () => {
    for (const path of ['base/learner.yaml', 'scorers/scorer.yaml'])
      expect(read(`kubernetes/${path}`)).toContain(`image: millrace:${version}\n`);
    expect(readFileSync(join(root, 'docker-compose.yml'), 'utf8')).toContain(`MILLRACE_IMAGE:-millrace:${version}}`);
  });
});

describe('deploy/compose', () => {
  it('has the Prometheus of deploy/prometheus, with the composed target, looked at more often', () => {
    const composed = parse(read('compose/prometheus.yml'));
    const own = parse(read('prometheus/prometheus.yml'));
    expect(composed.scrape_configs[0].static_configs).toEqual([{ targets: ['millrace:9464'] }]);
    const { scrape_interval, scrape_timeout, evaluation_interval, ...rest } = composed.global;
    expect([scrape_interval, scrape_timeout, evaluation_interval]).toEqual(['5s', '5s', '5s']);
    const scrapes = [{ ...composed.scrape_configs[0], static_configs: own.scrape_configs[0].static_configs }];
    expect({ ...composed, global: { ...own.global, ...rest }, scrape_configs: scrapes }).toEqual(own);
  });

  it('has the data source of deploy/grafana at the composed address', () => {
    const composed = parse(read('compose/grafana-datasource.yml'));
    const own = parse(read('grafana/provisioning/datasources/prometheus.yml'));
    const [source] = composed.datasources;
    expect([source.url, source.jsonData.timeInterval]).toEqual(['http://prometheus:9090', '5s']);
    const { url, jsonData } = own.datasources[0];
    expect({ ...composed, datasources: [{ ...source, url, jsonData }] }).toEqual(own);
  });
});
