#!/usr/bin/env node
// What `millrace` starts where it is installed: a look at the Node that it was given, then the command line.

import { tooOld } from './needed-node.ts';

const complaint = tooOld(process.versions.node, process.execPath);
if (complaint === null) {
  await import('./main.ts');
} else {
  process.stderr.write(complaint);
  process.exitCode = 2;
}
