// A certificate authority of a test's own, and what it signs, by openssl.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files in PEM. */
export interface Signed {
  readonly cert: string;
  readonly key: string;
  /** Key and certificate in one file, as a broker's keystore has them. */
  readonly both: string;
}

export interface Authority {
  /** The authority's own certificate. */
  readonly ca: string;
  /** Signs a certificate for a name; `expired` makes one that ended yesterday. */
  sign(name: string, options: { readonly altNames: string; readonly expired?: boolean }): Promise<Signed>;
}

/** Whether openssl is there. */
export async function hasOpenssl(): Promise<boolean> {
  return run('openssl', ['version']).then(
    () => true,
    () => false,
  );
}

/** Makes an authority with its files in a folder. */
export async function createAuthority(folder: string, name: string): Promise<Authority> {
  const path = (file: string) => join(folder, `${name}-${file}`);
  const ca = path('ca.pem');
  const subject = ['-subj', `/CN=${name}`];
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  await run('openssl', ['req', '-x509', ...newKey, '-days', '2', ...subject, '-keyout', path('ca.key'), '-out', ca]);
  return {
    ca,
    async sign(subjectName, { altNames, expired = false }) {
      const [key, request, cert] = ['key', 'csr', 'pem'].map((ending) => path(`${subjectName}.${ending}`));
      await run('openssl', ['req', ...newKey, '-subj', `/CN=${subjectName}`, '-keyout', key, '-out', request]);
      const extensions = path(`${subjectName}.ext`);
      await writeFile(extensions, `subjectAltName=${altNames}\n`);
      const dates = expired ? ['-not_before', '20200101000000Z', '-not_after', '20200201000000Z'] : ['-days', '1'];
      await signRequest({ request, cert, ca, caKey: path('ca.key'), extensions, dates });
      const both = path(`${subjectName}.both.pem`);
      await writeFile(both, `${await readFile(key, 'utf8')}${await readFile(cert, 'utf8')}`);
      return { cert, key, both };
    },
  };
}

async function signRequest(files: {
  readonly request: string;
  readonly cert: string;
  readonly ca: string;
  readonly caKey: string;
  readonly extensions: string;
  readonly dates: readonly string[];
}): Promise<void> {
  const { request, cert, ca, caKey, extensions, dates } = files;
  const common = ['-in', request, '-CA', ca, '-CAkey', caKey, '-extfile', extensions, '-out', cert];
  if (dates[0] === '-days') {
    await run('openssl', ['x509', '-req', '-CAcreateserial', ...common, ...dates]);
    return;
  }
  // Older openssl signs with given dates only through its `ca` command.
  const folder = `${cert}.d`;
  const config = `${cert}.cnf`;
  await run('mkdir', ['-p', folder]);
  await writeFile(`${folder}/index.txt`, '');
  await writeFile(`${folder}/serial`, '77\n');
  await writeFile(
    config,
    `[ca]\ndefault_ca=c\n[c]\ndatabase=${folder}/index.txt\nserial=${folder}/serial\nnew_certs_dir=${folder}\n` +
      'default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n',
  );
  const range = ['-startdate', dates[1], '-enddate', dates[3]];
  const signing = ['-in', request, '-cert', ca, '-keyfile', caKey, '-extfile', extensions, '-out', cert];
  await run('openssl', ['ca', '-batch', '-notext', '-config', config, ...signing, ...range]);
}
