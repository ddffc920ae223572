// Checks the import directions of src/ against .dependency-cruiser.mjs; run by `npm run check`.
// A check that looked at nothing is a failure: with a TypeScript it cannot load, the tool reports 0 modules and success.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise, type IConfiguration } from 'dependency-cruiser';

/** What one check saw. */
export interface DirectionsReport {
  /** Modules of src/ that were read. */
  readonly modules: number;
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
}

/** Cruises `root`/src under the rules of this checkout. */
export async function checkDirections(root: string): Promise<DirectionsReport> {
  const configFile = resolve(import.meta.dirname, '../../.dependency-cruiser.mjs');
  const { default: config }: { default: IConfiguration } = await import(pathToFileURL(configFile).href);
  const { output } = await cruise(['src'], {
    ...config.options,
    baseDir: resolve(root),
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text instead of a result');
  return {
    modules: output.modules.filter((module) => module.source.startsWith('src/')).length,
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

/** One line for each violation and a last one that sums up; ok is false when anything is wrong or nothing was read. */
export function describeDirections(report: DirectionsReport): { readonly ok: boolean; readonly text: string } {
  const lines = report.violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`);
  if (report.modules === 0) lines.push('directions: no module was read; is there a src folder, and typescript 6?');
  else lines.push(`directions: ${report.modules} modules, ${report.violations.length} violations`);
  return { ok: report.modules > 0 && report.violations.length === 0, text: lines.join('\n') };
}

if (import.meta.main) {
  const { ok, text } = describeDirections(await checkDirections(process.argv[2] ?? '.'));
  process.stdout.write(`${text}\n`);
  process.exitCode = ok ? 0 : 1;
}
