// kustomize and kubeconform, installed by `go install`, and the schemas that kubeconform compares with: Kubernetes' own out of
// the package kubernetes-validate, the Prometheus Operator's out of its module. Kept under node_modules/.cache.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../support/millrace-process.ts';

const run = promisify(execFile);
const failure = z.object({ stdout: z.string(), stderr: z.string() });

/** One version of each, so that a new rule does not fail an old checkout. */
const versions = {
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1',
  operator: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
  schemas: 'kubernetes-validate==1.37.0',
  kubernetes: 'v1.37.0',
};
const folder = join(root, 'node_modules', '.cache', 'kubernetes', versions.kubernetes);
const installTimeoutMs = 240_000;

/** Takes the schemas of one version out of the package, so that they refer to each other as files of one folder. */
const unpack = `
import glob, os, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + '/*.whl')[0])
start = 'kubernetes_validate/kubernetes-json-schema/${versions.kubernetes}-local-strict/'
for name in wheel.namelist():
    if name.startswith(start) and name.endswith('.json'):
        text = wheel.read(name).decode()
        text = text.replace('"$ref": "/api/_definitions', '"$ref": "_definitions').replace('"$id": "https:', '"$comment": "https:')
        open(os.path.join(sys.argv[1], os.path.basename(name)), 'w').write(text)
`;

export interface KubernetesTools {
  /** The manifests of a folder with a kustomization, as YAML documents. */
  build(folder: string): Promise<string>;
  /** What is wrong with YAML documents, one line a fault; empty if nothing is. Fails on a kind without a schema. */
  faultsOf(documents: string): Promise<string[]>;
}

/** Installed where it has not been yet; null, with a loud line, where Go or Python cannot. */
export async function kubernetesTools(): Promise<KubernetesTools | null> {
  try {
    if (!existsSync(folder)) await install();
  } catch (error) {
    const { success, data } = failure.safeParse(error);
    const words = (success && data.stderr.trim().split('\n').at(-1)) || String(error);
    console.error(
      `\n*** THE MANIFESTS OF KUBERNETES ARE NOT CHECKED: no kubeconform here (${words.slice(0, 300)}) ***\n`,
    );
    return null;
  }
  return { build: async (path) => (await run(join(folder, 'kustomize'), ['build', path])).stdout, faultsOf };
}

/** Into a folder that gets its name when all of it is there. */
async function install(): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const env = { ...process.env, GOBIN: unfinished, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' };
  const options = { env, timeout: installTimeoutMs };
  await run('go', ['install', versions.kubeconform], options);
  await run('go', ['install', versions.kustomize], options);
  const { stdout } = await run('go', ['mod', 'download', '-json', versions.operator], options);
  const { Dir: operator } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
  await run('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '-d', unfinished, versions.schemas], options);
  await run('python3', ['-c', unpack, unfinished], options);
  await writeOperatorSchemas(join(operator, 'example', 'prometheus-operator-crd'), unfinished);
  await rename(unfinished, folder);
}

const definitionSchema = z.object({
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(z.object({ name: z.string(), schema: z.object({ openAPIV3Schema: z.unknown() }) })),
  }),
});

/** A schema for each kind that the operator defines, under the name that kubeconform asks for. */
async function writeOperatorSchemas(definitions: string, target: string): Promise<void> {
  for (const file of await readdir(definitions)) {
    const { spec } = definitionSchema.parse(parse(await readFile(join(definitions, file), 'utf8')));
    for (const { name, schema } of spec.versions) {
      const [group] = spec.group.split('.');
      const path = join(target, `${spec.names.kind.toLowerCase()}-${group}-${name}.json`);
      await writeFile(path, JSON.stringify(closed(schema.openAPIV3Schema)));
    }
  }
}

/** The schema with no room for keys that it does not name, as the cluster would drop them in silence. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = !('properties' in inner) || 'x-kubernetes-preserve-unknown-fields' in inner;
  return isOpen ? inner : { additionalProperties: false, ...inner };
}

const reportSchema = z.object({
  resources: z.array(z.object({ kind: z.string(), name: z.string(), status: z.string(), msg: z.string() })).optional(),
  summary: z.object({ valid: z.int(), skipped: z.int() }),
});

async function faultsOf(documents: string): Promise<string[]> {
  const schemas = join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json');
  const args = ['-strict', '-summary', '-output', 'json', '-schema-location', schemas, '-'];
  const running = run(join(folder, 'kubeconform'), args);
  running.child.stdin?.end(documents);
  const { stdout } = await running.catch((error: unknown) => failure.parse(error));
  const { resources = [], summary } = reportSchema.parse(JSON.parse(stdout));
  const faults = resources.map(({ kind, name, msg }) => `${kind} ${name}: ${msg}`);
  return summary.valid + faults.length === 0 ? ['no manifest was checked'] : faults;
}
