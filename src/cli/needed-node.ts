// Which Node Millrace runs on. Imports nothing, so that a Node which is too old can be told so, in place of an error from deep
// inside.

/** As `engines` in package.json says it: what the dependencies ask for. */
const needed = 'Node 22.22 or a later 22, or 24.6 or newer';

/** Null where Millrace runs on a version of Node, such as `24.6.0`; else what to say, with the remedy. */
export function tooOld(version: string, path: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if ((major === 22 && minor >= 22) || (major === 24 && minor >= 6) || major > 24) return null;
  return (
    `millrace: error: Millrace needs ${needed}; this is ${version} (${path})\n` +
    '  what to do: start it as `npx millrace` in the folder where it is installed, which takes the Node 24 that npm installed\n' +
    '  with it (`npm rebuild node` brings it where npm ran no install scripts); or install a newer Node.\n'
  );
}
