// Manifests as the tests look into them.

import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type Manifest = z.output<typeof manifestSchema>;

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const containerSchema = z.looseObject({
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  livenessProbe: probe.loose(),
  readinessProbe: probe.loose(),
  resources: z.looseObject({ limits: z.looseObject({ memory: z.string() }) }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().default(false) })),
});
const specSchema = z.looseObject({ containers: z.tuple([containerSchema]) });
const ownerSchema = manifestSchema.extend({ spec: z.looseObject({ template: z.looseObject({ spec: specSchema }) }) });

/** What a StatefulSet or Deployment makes pods of. */
export interface Pod {
  readonly name: string;
  readonly spec: z.output<typeof specSchema>;
}

/** Every document of a YAML stream. */
export function manifestsOf(documents: string): Manifest[] {
  return parseAllDocuments(documents).map((document) => manifestSchema.parse(document.toJS()));
}

/** The pods of those that make any, in their order. */
export function podsOf(documents: string): Pod[] {
  return manifestsOf(documents)
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .map((manifest) => ownerSchema.parse(manifest))
    .map(({ metadata, spec }) => ({ name: metadata.name, spec: spec.template.spec }));
}

const configMapSchema = manifestSchema.extend({ data: z.record(z.string(), z.string()) });

/** The files that the ConfigMap holds. */
export function filesOf(documents: string): Readonly<Record<string, string>> {
  const found = manifestsOf(documents).find(({ kind }) => kind === 'ConfigMap');
  return configMapSchema.parse(found).data;
}
