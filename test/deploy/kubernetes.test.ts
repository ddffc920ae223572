// What the deployments repeat of each other, and the configuration of the pods; the manifests' own shape is looked at by
// `npm run test:containers`.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { version } from '../../src/version.ts';
import { root, runMillraceIn } from '../support/millrace-process.ts';
import { temporaryFolder, write } from '../system/support.ts';
import { currentPrometheusRule } from '../tooling/prometheus-rule.ts';

const read = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8');

const patched = z.array(z.object({ path: z.string(), value: z.unknown() }));
const setting = z.object({ name: z.string(), value: z.string() });

/** What `secured` adds to a learner's command line and environment, with the commented patches below the comment that names one. */
function securedBy(variant: string) {
  const text = read('kubernetes/secured/kustomization.yaml');
  const comment = /^ {2}# (?:Where|With) .*(?:\n {2}# (?:-| ).*)*/gm;
  const chosen = text.replaceAll(comment, (block) =>
    variant !== '' && block.split('\n')[0]?.includes(variant) ? block.replaceAll(/^ {2}# (?=-| )/gm, '  ') : '',
  );
  const { patches } = z
    .object({ patches: z.array(z.object({ target: z.object({ kind: z.string() }), patch: z.string() })) })
    .parse(parse(chosen));
  const learner = patches.filter(({ target }) => target.kind === 'StatefulSet');
  const operations = learner.flatMap(({ patch }) => patched.parse(parse(patch)));
  const added = (to: string) => operations.filter(({ path }) => path.endsWith(`/${to}/-`)).map(({ value }) => value);
  const env = z.array(setting).parse(added('env'));
  return {
    sets: z.array(z.string()).parse(added('args')),
    env: Object.fromEntries(env.map(({ name, value }) => [name, value])),
  };
}

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

  it.each([
    ['as it is', '', /tls:\n +ca: \/run\/secrets\/millrace\/ca.pem\n/],
    [
      'with the certificate of a client',
      'certificate',
      /tls:\n( +(?:ca|cert|key): \/run\/secrets\/millrace\/\S+\n){3}/,
    ],
    ['with tokens', 'tokens', /mechanism: oauthbearer\n/],
  ])('secures %s', async (_, variant, expected) => {
    const { sets, env } = securedBy(variant);
    const folder = temporaryFolder();
    const files = Object.entries(env).map(([key, path]) => [key, write(folder, basename(path), `of-${key}\n`)]);
    const { code, stdout, stderr } = await runMillraceIn(
      { env: Object.fromEntries(files) },
      ...['lint', '-c', 'deploy/kubernetes/base/millrace.yaml', ...sets],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(expected);
    expect(stdout).toContain('of-KAFKA_USERNAME_FILE');
    const secret = parse(read('kubernetes/secret.example.yaml')).stringData;
    for (const path of Object.values(env)) expect(secret).toHaveProperty([basename(path)]);
    expect(secret).toHaveProperty(['ca.pem']);
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
