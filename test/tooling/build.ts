// `npm run build`: dist anew, from the sources and nothing else. Node strips no types below node_modules, so what is installed
// is JavaScript, with its type declarations; the live page is served as it is written, so it goes along unchanged.

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './source-files.ts';

const dist = join(projectRoot, 'dist');
const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');

rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: projectRoot,
  stdio: 'inherit',
});
if (status !== 0) {
  // Half a build looks like a whole one.
  rmSync(dist, { recursive: true, force: true });
  process.exitCode = 1;
} else {
  cpSync(join(projectRoot, 'src/monitor/page'), join(dist, 'monitor/page'), { recursive: true });
  chmodSync(join(dist, 'cli/bin.js'), 0o755);
}
