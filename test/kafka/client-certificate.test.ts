// Brokers that want a certificate of the client, played by `openssl s_server`: its TLS, and so its refusals, are real.

import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { readTls } from '../../src/cli/run/kafka-security.ts';
import { connect, createKafkaClient } from '../../src/kafka/client.ts';
import { createAuthority, hasOpenssl } from '../support/certificates.ts';

const folder = await mkdtemp(join(tmpdir(), 'millrace-client-certificate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function makeFiles() {
  const [authority, other] = await Promise.all(['authority', 'other'].map((name) => createAuthority(folder, name)));
  if (!authority || !other) throw new Error('no authority');
  return {
    ca: authority.ca,
    broker: await authority.sign('broker', { altNames: 'IP:127.0.0.1' }),
    good: await authority.sign('good', { altNames: 'DNS:good' }),
    late: await authority.sign('late', { altNames: 'DNS:late', expired: true }),
    foreign: await other.sign('foreign', { altNames: 'DNS:foreign' }),
  };
}
const files = (await hasOpenssl()) ? await makeFiles() : null;

/** The port of a server that takes nobody without a certificate of the authority. */
async function listen({ ca, broker }: NonNullable<typeof files>): Promise<string> {
  const demands = ['-Verify', '1', '-verify_return_error', '-CAfile', ca];
  const server = spawn('openssl', [
    's_server',
    '-accept',
    '127.0.0.1:0',
    '-key',
    broker.key,
    '-cert',
    broker.cert,
    ...demands,
  ]);
  onTestFinished(() => {
    server.kill();
  });
  let said = '';
  for (;;) {
    const [chunk] = await once(server.stdout, 'data');
    said += String(chunk);
    const port = /^ACCEPT .*:(\d+)/m.exec(said)?.[1];
    if (port) return `127.0.0.1:${port}`;
  }
}

describe.skipIf(!files)('a broker that wants a certificate', () => {
  it.each([
    ['none', undefined, /the broker wants one, and there is none/],
    ['an expired one', files?.late, /it has expired/],
    ['one of another authority', files?.foreign, /its authority is not one that the broker trusts/],
  ])('is told to refuse %s', async (_case, shown, reason) => {
    if (!files) throw new Error('openssl is gone');
    const broker = await listen(files);
    const pair = shown ? { cert: shown.cert, key: shown.key } : {};
    const retry = { retries: 0, initialMs: 10, maxMs: 10 };
    const connection = { brokers: [broker], tls: readTls({ ca: files.ca, ...pair }), retry };
    const refusal = await connect(createKafkaClient(connection).admin(), connection).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'kafka-tls',
      message: expect.stringMatching(/does not take this client's certificate \(tls\.cert and tls\.key\)/),
    });
    expect(String(refusal)).toMatch(reason);
  });

  it('is not asked with files that cannot be used', async () => {
    if (!files) throw new Error('openssl is gone');
    const { good, late, ca } = files;
    const refused = (tls: Parameters<typeof readTls>[0], message: string) =>
      expect(() => readTls(tls)).toThrow(
        expect.objectContaining({ code: 'config-secret-unreadable', message: expect.stringContaining(message) }),
      );
    expect(readTls({ ca, cert: good.cert, key: good.key }).cert).toBe(await readFile(good.cert, 'utf8'));
    refused({ ca: good.key }, `tls.ca: ${good.key} is not PEM with a CERTIFICATE`);
    refused({ cert: good.key, key: good.key }, `tls.cert: ${good.key} is not PEM with a CERTIFICATE`);
    refused({ cert: good.cert, key: good.cert }, `tls.key: ${good.cert} is not PEM with a PRIVATE KEY`);
    refused({ cert: good.cert, key: late.key }, `${good.cert} and ${late.key} do not belong together`);
    refused({ ca: '/nowhere/ca.pem' }, 'tls.ca: cannot read /nowhere/ca.pem');
    const text = await readFile(good.key, 'utf8');
    expect(() => readTls({ cert: good.cert, key: text })).toThrow(
      /^tls\.key must be the path of a PEM file, not what is in it$/,
    );
  });

  it('is not asked with a key that its passphrase does not open', async () => {
    if (!files) throw new Error('openssl is gone');
    const { good } = files;
    const pem = createPrivateKey(await readFile(good.key)).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'right',
    });
    const key = join(folder, 'locked.key');
    await writeFile(key, pem);
    expect(readTls({ cert: good.cert, key, passphrase: 'right' })).toMatchObject({ passphrase: 'right' });
    for (const wrong of [{}, { passphrase: 'wrong' }])
      expect(() => readTls({ cert: good.cert, key, ...wrong })).toThrow(/tls\.passphrase does not open/);
  });
});
