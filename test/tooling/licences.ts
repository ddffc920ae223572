// Holds the packages to licences that leave users of Millrace free; run by `npm run check`. Reads the lockfile, which knows the
// packages of every platform. What is installed with Millrace has to state a licence of the list; of tools, some state none.

import { type Lockfile, readLockfile } from './lockfile.ts';

/** SPDX names: permissive, without a duty beyond naming who wrote it. */
const allowed = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** Besides, for tools, of which nothing is passed on. */
const allowedForTools = ['MPL-2.0', 'Unlicense'];

/** What one check saw. */
export interface LicencesReport {
  /** Packages that are installed with Millrace. */
  readonly shipped: number;
  readonly tools: number;
  /** Tools that state no licence. */
  readonly unstated: number;
  /** One line for each package that is not allowed. */
  readonly violations: readonly string[];
}

/** Whether an expression gives the choice of an allowed licence. One with AND or WITH is for somebody to look at. */
function isAllowed(expression: string, licences: readonly string[]): boolean {
  const choices = expression.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((choice) => licences.includes(choice));
}

/** Checks every package of a lockfile but the project itself. */
export function checkLicences(lock: Lockfile): LicencesReport {
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  const tools = packages.filter(([, { dev }]) => dev === true);
  const violations = packages
    .filter(([, { license, dev }]) => {
      if (license === undefined) return dev !== true;
      return !isAllowed(license, dev === true ? [...allowed, ...allowedForTools] : allowed);
    })
    .map(([path, { license, dev }]) => `${path}: ${license ?? 'states no licence'}${dev === true ? ' (a tool)' : ''}`);
  return {
    shipped: packages.length - tools.length,
    tools: tools.length,
    unstated: tools.filter(([, { license }]) => license === undefined).length,
    violations,
  };
}

/** The violations and a last line that sums up; ok is false when there is one, or nothing was read. */
export function describeLicences(report: LicencesReport): { readonly ok: boolean; readonly text: string } {
  const { shipped, tools, unstated, violations } = report;
  const summary = `${shipped} packages, ${tools} tools (${unstated} state none), ${violations.length} violations`;
  return { ok: shipped > 0 && violations.length === 0, text: [...violations, `licences: ${summary}`].join('\n') };
}

if (import.meta.main) {
  const { ok, text } = describeLicences(checkLicences(readLockfile()));
  process.stdout.write(`${text}\n`);
  process.exitCode = ok ? 0 : 1;
}
