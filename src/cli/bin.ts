#!/usr/bin/env node
// What `millrace` starts where it is installed: a look at the Node that it was given, then the command line. Imports nothing
// before that look, so that a Node which is too old is told so, in place of an error from deep inside.

/** As `engines` in package.json says it. */
const needed = 'Node 22.22 or a later 22, or 24.6 or newer';

/** Whether Millrace runs on a version of Node, such as `24.6.0`. */
export function runsOn(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 22 && minor >= 22) || (major === 24 && minor >= 6) || major > 24;
}

if (runsOn(process.versions.node)) {
  await import('./main.ts');
} else {
  process.stderr.write(
    `millrace: error: Millrace needs ${needed}; this is ${process.versions.node} (${process.execPath})\n` +
      '  what to do: start it as `npx millrace` where it is installed: that takes the Node 24 which npm installed with it;\n' +
      '  or install a newer Node. [node-too-old]\n',
  );
  process.exitCode = 2;
}
