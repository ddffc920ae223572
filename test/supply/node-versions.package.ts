// The user's own Node: what engines allow runs Millrace, to the same bits; what they do not is told what to do.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bin, environment, installed, ownFolder, ownNode, packageFolder, type } from './user.ts';

/** Learns a part of the demo with a Node; the digest of the weights. */
function digestWith(node: string): string {
  const set = ['http=false', `checkpoint.dir=${ownFolder()}`].flatMap((assignment) => ['--set', assignment]);
  const demo = ['run', '-c', join(packageFolder, 'config/demo.yaml'), '--samples', '5000', '--json', ...set];
  return JSON.parse(type(node, bin, ...demo).stdout).weightsDigest;
}

/** Installs a version of Node, as npm brings it; its path. */
function installNode(version: string): string {
  const folder = join(installed, `node-${version}`);
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['install', '--silent', '--prefer-offline', '--prefix', folder, `node@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(folder, 'node_modules/node/bin/node');
}

it.each(['22.22.0', '24.6.0'])('learns the same bits with Node %s, the oldest of its line', (version) => {
  const node = installNode(version);
  expect(type(node, '--version').stdout).toBe(`v${version}\n`);
  expect(digestWith(node)).toBe(digestWith(ownNode));
});

describe('a Node that is too old', () => {
  it.each(['20.20.2', '22.21.1', '24.5.0'])('such as %s is told what to do', (version) => {
    const pretended = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
    const { status, stdout, stderr } = type(process.execPath, '--import', pretended, bin, '--version');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`this is ${version}`);
    expect(stderr).toContain('npx millrace');
  });

  it('is no hindrance to npx, which takes the Node that came with the package', () => {
    const seen = spawnSync('npx', ['--call', 'node --version'], { cwd: installed, env: environment, encoding: 'utf8' });
    expect(seen.stdout).toBe(type(ownNode, '--version').stdout);
    expect(type('npx', 'millrace', '--version').status).toBe(0);
  });
});
