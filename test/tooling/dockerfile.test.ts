// What deploy/Dockerfile says of the package is what package.json says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from './source-files.ts';

const dockerfile = readFileSync(join(projectRoot, 'deploy/Dockerfile'), 'utf8');
const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));

it('has the version, the description and the licence of the package', () => {
  expect(dockerfile).toContain(`ARG VERSION=${manifest.version}\n`);
  expect(dockerfile).toContain(`image.description="${manifest.description}"`);
  expect(dockerfile).toContain(`image.licenses="${manifest.license}"`);
});

it('has the line of Node that the scripts run on', () => {
  const [major] = manifest.dependencies.node.split('.');
  const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect(new Set(images)).toEqual(new Set([`node:${major}-bookworm-slim`]));
});
