// The dashboards as Grafana reads them, as far as the tests look into them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../support/millrace-process.ts';

const datasource = z.object({ type: z.string(), uid: z.string() });

const row = z.object({ type: z.literal('row'), id: z.int(), title: z.string() });
const panel = z.object({
  type: z.enum(['timeseries', 'stat']),
  id: z.int(),
  title: z.string(),
  description: z.string(),
  datasource,
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  fieldConfig: z.object({
    defaults: z.object({
      unit: z.string(),
      mappings: z.array(z.unknown()),
      thresholds: z.object({
        mode: z.literal('absolute'),
        steps: z.array(z.object({ color: z.string(), value: z.number().nullable() })),
      }),
    }),
  }),
  targets: z.array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string(), datasource })),
});
const variable = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  datasource: datasource.optional(),
  current: z.object({ value: z.string() }),
  definition: z.string().optional(),
  multi: z.boolean(),
  allValue: z.string().optional(),
  refresh: z.int(),
});

const dashboardSchema = z.object({
  uid: z.string(),
  title: z.string(),
  description: z.string(),
  schemaVersion: z.int(),
  editable: z.boolean(),
  id: z.null(),
  panels: z.array(z.union([row, panel])),
  templating: z.object({ list: z.array(variable) }),
});

/** A dashboard and the name of its file. */
export type Dashboard = z.output<typeof dashboardSchema> & { readonly file: string };
export type Panel = z.output<typeof panel>;

/** Where the dashboards are, from the project's root. */
export const dashboardFolder = 'deploy/grafana/dashboards';

/** Both dashboards. */
export const dashboards: readonly Dashboard[] = ['learning.json', 'operation.json'].map((file) => ({
  file,
  ...dashboardSchema.parse(JSON.parse(readFileSync(join(root, dashboardFolder, file), 'utf8'))),
}));

/** The panels of a dashboard that show something: all but the rows. */
export function panelsOf({ panels }: Dashboard): Panel[] {
  return panels.filter((each): each is Panel => each.type !== 'row');
}

/** Every query of every panel, `key` naming it: `Learning / Accuracy / A`. */
export const panelQueries = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard).flatMap(({ title, targets }) =>
    targets.map(({ refId, expr }) => ({
      key: `${dashboard.title.replace('Millrace / ', '')} / ${title} / ${refId}`,
      expr,
    })),
  ),
);

/** A query as Grafana would send it, its variables filled in. */
export function filledIn(expr: string, values: { instance: string; job: string; window: string }): string {
  return expr
    .replaceAll('$__rate_interval', values.window)
    .replaceAll('$__range', values.window)
    .replaceAll('$instance', values.instance)
    .replaceAll('$job', values.job);
}
