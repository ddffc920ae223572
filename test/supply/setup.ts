// Packs Millrace and installs the package in an empty folder, once for all files of the suite.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { projectRoot } from '../tooling/source-files.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed package. */
    readonly tarball: string;
    /** A folder with nothing in it but what installing the package brought. */
    readonly installed: string;
  }
}

// biome-ignore lint/style/noDefaultExport: vitest takes a default export
export default function setup(project: TestProject): () => void {
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-package-'));
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const installed = join(scratch, 'installed');
  mkdirSync(installed);
  npm(projectRoot, 'pack', '--silent', '--pack-destination', scratch);
  const tarball = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no package');
  writeFileSync(join(installed, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(installed, 'install', '--silent', '--prefer-offline', join(scratch, tarball));
  project.provide('tarball', join(scratch, tarball));
  project.provide('installed', installed);
  return () => rmSync(scratch, { recursive: true, force: true });
}
