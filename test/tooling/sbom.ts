// `npm run sbom`: writes build/sbom.cdx.json, what is installed with Millrace, on any platform, as CycloneDX 1.5 by npm itself.
// npm is shown a project without development packages: with --omit=dev it leaves out whatever they need as well, zod among it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLockfile, withoutDevelopment } from './lockfile.ts';
import { projectRoot } from './source-files.ts';

/** The bill of materials of the lockfile's production packages, as JSON. */
export function billOfMaterials(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-sbom-'));
  try {
    const { devDependencies: _, ...manifest } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    // npm takes the folder's name for the component's.
    const project = join(scratch, manifest.name);
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(project, 'package-lock.json'), JSON.stringify(withoutDevelopment(readLockfile())));
    const options = ['--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
    return execFileSync('npm', ['sbom', ...options], { cwd: project, encoding: 'utf8' });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

if (import.meta.main) {
  const file = join('build', 'sbom.cdx.json');
  mkdirSync(join(projectRoot, 'build'), { recursive: true });
  writeFileSync(join(projectRoot, file), billOfMaterials());
  process.stdout.write(`sbom: ${file}\n`);
}
