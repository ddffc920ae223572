// Kafka that asks who one is: TLS of an authority of its own, SCRAM, client certificates, tokens, and a broker that allows
// nothing but what docs/secured-kafka.md lists.

import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority, hasOpenssl, type Signed } from '../support/certificates.ts';
import { createKafkaTool, type KafkaTool } from '../support/kafka-topics.ts';
import { runMillrace, runMillraceIn } from '../support/millrace-process.ts';
import { type ProcessCluster, startProcessCluster } from '../support/process-broker.ts';

const password = 'a-secret-that-must-not-be-seen';
const folder = await mkdtemp(join(tmpdir(), 'millrace-secured-'));

async function startSecured(): Promise<{ cluster: ProcessCluster; authority: Authority; client: Signed } | null> {
  if (!(await hasOpenssl())) return null;
  const authority = await createAuthority(folder, 'authority');
  const broker = await authority.sign('broker', { altNames: 'IP:127.0.0.1' });
  const client = await authority.sign('client', { altNames: 'DNS:client' });
  const listener = 'listener.name.client';
  const module = 'org.apache.kafka.common.security';
  try {
    const cluster = await startProcessCluster({
      format: [
        ...['--add-scram', `SCRAM-SHA-512=[name=alice,password=${password}]`],
        ...['--add-scram', `SCRAM-SHA-256=[name=dave,password=${password}]`],
      ],
      properties: {
        'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,CLIENT:SASL_SSL',
        [`${listener}.ssl.keystore.type`]: 'PEM',
        [`${listener}.ssl.keystore.location`]: broker.both,
        [`${listener}.ssl.truststore.type`]: 'PEM',
        [`${listener}.ssl.truststore.location`]: authority.ca,
        [`${listener}.ssl.client.auth`]: 'requested',
        [`${listener}.sasl.enabled.mechanisms`]: 'SCRAM-SHA-256,SCRAM-SHA-512,PLAIN,OAUTHBEARER',
        [`${listener}.scram-sha-256.sasl.jaas.config`]: `${module}.scram.ScramLoginModule required;`,
        [`${listener}.scram-sha-512.sasl.jaas.config`]: `${module}.scram.ScramLoginModule required;`,
        [`${listener}.plain.sasl.jaas.config`]: `${module}.plain.PlainLoginModule required user_bob="${password}";`,
        [`${listener}.oauthbearer.sasl.jaas.config`]: `${module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
      },
    });
    return { cluster, authority, client };
  } catch (error) {
    console.error(`\n*** SECURED KAFKA TESTS ARE SKIPPED: ${String(error).split('\n')[0]} ***\n`);
    return null;
  }
}

const secured = process.env.MILLRACE_TEST_BROKER === 'none' ? null : await startSecured();

afterAll(async () => {
  await secured?.cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A right: kind of resource, its name and the operation. */
type Right = readonly [AclResourceTypes, string, AclOperationTypes];

/** The least that a run needs: what docs/secured-kafka.md says. */
function leastRights(name: string): Right[] {
  const { TOPIC, GROUP, TRANSACTIONAL_ID } = AclResourceTypes;
  const { READ, WRITE, DESCRIBE_CONFIGS, CREATE } = AclOperationTypes;
  return [
    [TOPIC, `${name}-in`, READ],
    [TOPIC, `${name}-out`, WRITE],
    [TOPIC, `${name}-out`, DESCRIBE_CONFIGS],
    [TOPIC, `${name}-bad`, WRITE],
    [TOPIC, `${name}-bad`, DESCRIBE_CONFIGS],
    [TOPIC, `${name}-journal`, READ],
    [TOPIC, `${name}-journal`, WRITE],
    [TOPIC, `${name}-journal`, CREATE],
    [GROUP, name, READ],
    [TRANSACTIONAL_ID, `millrace-${name}`, WRITE],
  ];
}

async function allow(tool: KafkaTool, user: string, rights: readonly Right[]): Promise<void> {
  const admin = tool.kafka.admin();
  await admin.connect();
  await admin.createAcls({
    acl: rights.map(([resourceType, resourceName, operation]) => ({
      ...{ resourceType, resourceName, operation, principal: `User:${user}`, host: '*' },
      resourcePatternType: ResourcePatternTypes.LITERAL,
      permissionType: AclPermissionTypes.ALLOW,
    })),
  });
  await admin.disconnect();
}

interface Setup {
  readonly name: string;
  readonly tool: KafkaTool;
}

/** Topics with 50 samples and a record that is none, and the least rights on them for a user, less `without`. */
async function setUp(user: string, without: (right: Right, name: string) => boolean = () => false): Promise<Setup> {
  const tool = createKafkaTool(secured?.cluster.direct ?? []);
  const name = `s-${randomUUID().slice(0, 8)}`;
  const admin = tool.kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: ['in', 'out', 'bad'].map((end) => ({ topic: `${name}-${end}`, numPartitions: 1 })),
  });
  await admin.disconnect();
  await tool.send(
    `${name}-in`,
    Array.from({ length: 51 }, (_, index) => ({
      value: index === 25 ? 'no sample' : `{"features":[${index},1],"label":${index % 2}}`,
    })),
  );
  await allow(
    tool,
    user,
    leastRights(name).filter((right) => !without(right, name)),
  );
  return { name, tool };
}

async function run(name: string, security: string, brokers = secured?.cluster.brokers ?? []) {
  const config = join(folder, `${name}-${randomUUID().slice(0, 4)}.yaml`);
  await writeFile(
    config,
    [
      `name: ${name}`,
      `source: { kafka: { brokers: "${brokers.join(',')}", topic: ${name}-in, retries: 1, ${security} } }`,
      `predictions: { kafka: { topic: ${name}-out } }`,
      `deadLetters: { kafka: { topic: ${name}-bad } }`,
      'schema: { target: { from: label, type: binary } }',
      `checkpoint: { dir: "${join(folder, name)}" }`,
      'http: false',
    ].join('\n'),
  );
  const result = await runMillrace('run', '-c', config, '--stop-at-end', '--json');
  for (const text of [result.stdout, result.stderr]) expect(text).not.toContain(password);
  expect(result.stderr).not.toMatch(/\n\s+at /);
  return { ...result, config };
}

const tls = () => `tls: { ca: "${secured?.authority.ca}" }`;
const scram = (user = 'alice', word = password) =>
  `sasl: { mechanism: scram-sha-512, username: ${user}, password: "${word}" }`;

describe.skipIf(!secured)('secured Kafka', { timeout: 60_000 }, () => {
  let shared: Setup;
  beforeAll(async () => {
    shared = await setUp('alice');
  });

  it('takes the right certificate and password, with no more rights than are documented', async () => {
    const { code, stdout, stderr, config } = await run(shared.name, `${tls()}, ${scram()}`);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ samples: 51, learned: 50, rejected: 1 });
    expect((await shared.tool.readAll(`${shared.name}-out`)).get(0)).toHaveLength(50);
    expect((await shared.tool.readAll(`${shared.name}-bad`)).get(0)).toHaveLength(1);
    const verified = await runMillrace('verify', '-c', config, '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject({ match: true });
    const shown = await runMillrace('lint', '-c', config);
    expect(shown.stdout).toContain('password: (secret)');
    expect(shown.stdout).not.toContain(password);
  });

  it('takes SCRAM of the shorter kind', async () => {
    const { name } = await setUp('dave');
    const { code, stderr } = await run(name, `${tls()}, ${scram('dave').replace('512', '256')}`);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('takes PLAIN, and a client certificate beside it', async () => {
    const { name } = await setUp('bob');
    const { cert = '', key = '' } = secured?.client ?? {};
    const files = `tls: { ca: "${secured?.authority.ca}", cert: "${cert}", key: "${key}" }`;
    const { code, stderr } = await run(
      name,
      `${files}, sasl: { mechanism: plain, username: bob, password: "${password}" }`,
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('takes a token that client credentials have bought', async () => {
    const { name } = await setUp('carol');
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      const seconds = Math.floor(Date.now() / 1000);
      const token = `${encode({ alg: 'none' })}.${encode({ sub: 'carol', iat: seconds, exp: seconds + 600 })}.`;
      response.end(JSON.stringify({ access_token: token, token_type: 'bearer', expires_in: 600 }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const sasl = `sasl: { mechanism: oauthbearer, tokenEndpoint: "http://127.0.0.1:${port}/token", clientId: carol, clientSecret: "${password}" }`;
    const { code, stderr } = await run(name, `${tls()}, ${sasl}`);
    server.close();
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(asked[0]).toBe(`Basic ${Buffer.from(`carol:${password}`).toString('base64')}`);
  });

  it.each([
    [
      'a wrong password',
      () => `${tls()}, ${scram('alice', 'wrong')}`,
      /kafka-authentication/,
      /does not let this client in: .*credentials/i,
    ],
    [
      'an unknown user',
      () => `${tls()}, ${scram('mallory')}`,
      /kafka-authentication/,
      /does not let this client in: .*credentials/i,
    ],
    ['an authority that is not known', () => `tls: true, ${scram()}`, /kafka-tls/, /self-signed|unable to verify/],
    ['plain text to a TLS port', () => 'clientId: x', /kafka-unreachable/, /No Kafka broker answers/],
  ])('says so, and ends with 1, on %s', async (_case, security, code, message) => {
    const startedMs = performance.now();
    const result = await run(shared.name, security());
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(code);
    expect(result.stderr).toMatch(message);
    expect(performance.now() - startedMs).toBeLessThan(30_000);
  });

  it('says so where the host name is not the certificate’s', async () => {
    const brokers = (secured?.cluster.brokers ?? []).map((broker) => broker.replace('127.0.0.1', 'localhost'));
    const { code, stderr } = await run(shared.name, `${tls()}, ${scram()}`, brokers);
    expect(code).toBe(1);
    expect(stderr).toMatch(/kafka-tls/);
    expect(stderr).toMatch(/localhost/);
  });

  it('says so where the certificate has expired', async () => {
    const { cert, key } = (await secured?.authority.sign('late', { altNames: 'IP:127.0.0.1', expired: true })) ?? {};
    const server = createTlsServer({ cert: await readFile(cert ?? ''), key: await readFile(key ?? '') });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { code, stderr } = await run(shared.name, `${tls()}, ${scram()}`, [`127.0.0.1:${port}`]);
    server.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(/kafka-tls/);
    expect(stderr).toMatch(/certificate has expired/);
  });

  it.each<[string, (right: Right, name: string) => boolean, (name: string) => string]>([
    [
      'a topic it may not see',
      ([, resource], name) => resource === `${name}-in`,
      (name) =>
        `Kafka topic '${name}-in' does not exist at .*, or this user may not Describe it.*\\[kafka-topic-missing\\]`,
    ],
    [
      'DescribeConfigs of an output',
      ([, resource, operation], name) => resource === `${name}-out` && operation === AclOperationTypes.DESCRIBE_CONFIGS,
      (name) =>
        `DescribeConfigs of Kafka topic '${name}-out': this user lacks the right on the topic.*kafka-not-authorized`,
    ],
    [
      'Create of the journal',
      ([, , operation]) => operation === AclOperationTypes.CREATE,
      (name) =>
        `journal topic '${name}-journal' does not exist and cannot be created \\(this user may not Create it\\)`,
    ],
    [
      'Write on the journal',
      ([, resource, operation], name) => resource === `${name}-journal` && operation === AclOperationTypes.WRITE,
      (name) => `'millrace-${name}'.*lacks Write on a topic of the outputs or the journal.*kafka-not-authorized`,
    ],
    [
      'the group',
      ([kind]) => kind === AclResourceTypes.GROUP,
      (name) => `Reading Kafka topic '${name}-in' as group '${name}': Failed to find group coordinator`,
    ],
    [
      'the transactional id',
      ([kind]) => kind === AclResourceTypes.TRANSACTIONAL_ID,
      (name) => `'millrace-${name}'.*lacks the right on the transactional id.*kafka-not-authorized`,
    ],
  ])('names what it has no right to: %s', async (_case, without, message) => {
    const { name } = await setUp('alice', without);
    const { code, stderr } = await run(name, `${tls()}, ${scram()}`);
    expect(stderr).toMatch(new RegExp(message(name), 's'));
    expect(stderr).not.toMatch(/recovering/);
    expect(code).toBe(1);
  });

  it('reads secrets from files', async () => {
    const file = join(folder, 'password');
    await writeFile(file, `${password}\n`);
    const config = join(folder, 'from-file.yaml');
    const text = `${tls()}, sasl: { mechanism: scram-sha-512, username: alice, password: "\${KAFKA_PASSWORD}" }`;
    const { config: written } = await run(shared.name, `${tls()}, ${scram()}`);
    await writeFile(config, (await readFile(written, 'utf8')).replace(/retries: 1, .* } }/, `retries: 1, ${text} } }`));
    const env = { ...process.env, KAFKA_PASSWORD_FILE: file };
    const { code, stderr } = await runMillraceIn({ env }, 'run', '-c', config, '--stop-at-end');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  });
});
