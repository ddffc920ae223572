// The manifests of deploy/kubernetes, put together by kustomize and compared by kubeconform with the schemas of Kubernetes and
// of the Prometheus Operator. Needs Go and Python, and no container.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { version } from '../../src/version.ts';
import { root } from '../support/millrace-process.ts';
import { kubernetesTools } from './kubernetes-tools.ts';
import { type Manifest, manifestsOf, podsOf } from './manifests.ts';

const tools = await kubernetesTools();
const folder = join(root, 'deploy/kubernetes');

/** The base with these components, as a user would put them together. */
async function buildWith(...components: string[]): Promise<string> {
  const own = await mkdtemp(join(tmpdir(), 'millrace-kustomize-'));
  onTestFinished(() => rm(own, { recursive: true, force: true }));
  const to = (name: string) => relative(own, join(folder, name));
  await writeFile(
    join(own, 'kustomization.yaml'),
    stringify({ resources: [to('base')], components: components.map(to), namespace: 'fraud' }),
  );
  return (await tools?.build(own)) ?? '';
}

const kindsOf = (manifests: readonly Manifest[]) => manifests.map(({ kind }) => kind).toSorted();

describe.skipIf(tools === null)('the manifests of Kubernetes', () => {
  const build = async (name: string) => (await tools?.build(join(folder, name))) ?? '';
  const faultsOf = async (documents: string) => (await tools?.faultsOf(documents)) ?? [];

  it('are sound as a base, in full, and with every component', async () => {
    const all = await buildWith('scorers', 'monitoring', 'secured');
    const shared = await buildWith('shared-checkpoints', 'monitoring');
    for (const documents of [await build('base'), await build('full'), shared, all])
      expect(await faultsOf(documents)).toEqual([]);
    expect(await faultsOf(await readFile(join(folder, 'secret.example.yaml'), 'utf8'))).toEqual([]);
    const base = ['ConfigMap', 'NetworkPolicy', 'PodDisruptionBudget', 'Service', 'ServiceAccount', 'StatefulSet'];
    expect(kindsOf(manifestsOf(await build('base')))).toEqual(base);
    const scorers = ['Deployment', 'HorizontalPodAutoscaler', 'NetworkPolicy', 'PersistentVolumeClaim'];
    const more = [...scorers, 'PodDisruptionBudget', 'Service', 'PrometheusRule', 'ServiceMonitor'];
    expect(kindsOf(manifestsOf(all))).toEqual([...base, ...more].toSorted());
  });

  it('take image and name of the configuration from one place', async () => {
    const full = await build('full');
    const name = manifestsOf(full).find(({ kind }) => kind === 'ConfigMap')?.metadata.name;
    expect(name).toMatch(/^millrace-\w{10}$/);
    for (const { spec } of podsOf(full)) expect(JSON.stringify(spec)).toContain(`"configMap":{"name":"${name}"}`);
  });

  it.each([
    ['StatefulSet', 'periodSeconds: 5', 'periodSecond: 5', "'periodSecond' not allowed"],
    ['StatefulSet', 'replicas: 2', 'replicas: two', 'replicas'],
    ['NetworkPolicy', 'policyTypes:', 'policyType:', "'policyType' not allowed"],
    ['PodDisruptionBudget', 'maxUnavailable: 1', 'maxAway: 1', "'maxAway' not allowed"],
    ['HorizontalPodAutoscaler', 'maxReplicas: 10', 'maximum: 10', 'maxReplicas'],
    ['ServiceMonitor', 'scrapeTimeout: 10s', 'timeout: 10s', "'timeout' not allowed"],
    ['PrometheusRule', '      expr:', '      query:', "'query' not allowed"],
  ])('are refused with a %s where `%s` is `%s`', async (kind, right, wrong, words) => {
    const documents = await build('full');
    expect(documents).toContain(right);
    const faults = await faultsOf(documents.replaceAll(right, wrong));
    expect(faults.find((fault) => fault.startsWith(kind))).toContain(words);
  });

  it('give no pod more than it needs', async () => {
    const pods = podsOf(await buildWith('scorers', 'secured'));
    expect(pods.map(({ name }) => name)).toEqual(['millrace-scorer', 'millrace']);
    for (const { spec } of pods) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      const [container] = spec.containers;
      expect(container.image).toBe(`millrace:${version}`);
      expect(container).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: { requests: { cpu: expect.any(String), memory: expect.any(String) } },
      });
    }
    const [scorer, learner] = pods.map(({ spec }) => spec.containers[0]);
    expect(JSON.stringify(scorer)).not.toMatch(/secret|password|token/i);
    expect(learner.args.at(-1)).toContain('source.kafka.sasl=');
  });
});
