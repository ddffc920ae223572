// Predictions and controls over HTTP of millrace processes: under load, from a scorer that follows a learner, and without
// a word of the token anywhere.

import { describe, expect, it } from 'vitest';
import { runMillraceIn, startMillrace, startMillraceIn } from '../support/millrace-process.ts';
import { checkpointsIn, learnedBy, metricsUrl, settings, temporaryFolder, write } from './support.ts';

const token = 'a-token-that-nobody-else-knows';

/** An endless stream at full pace, or at one that is said. */
function configIn(folder: string, more = ''): string {
  const lines = [
    'name: served',
    `source: { synthetic: { stream: hyperplane, driftEvery: 100000${more} } }`,
    'schema: { target: { from: label, type: binary } }',
    'model: { hidden: [16] }',
    `checkpoint: { dir: ${folder}/checkpoints, everySamples: 20000, everyMs: 400 }`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
    'http: { port: 0, adminToken: "${ADMIN_TOKEN}" }',
  ];
  return write(folder, 'served.yaml', lines.join('\n'));
}

const row = JSON.stringify({
  inputs: [
    { name: 'features', shape: [1, 10], datatype: 'FP32', data: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] },
  ],
});

/** One request; gives the version that answered. */
async function inferAt(base: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(new URL('/v2/models/served/infer', base), { method: 'POST', headers, body: row });
  const answer = Object(await reply.json());
  expect(reply.status, JSON.stringify(answer)).toBe(200);
  return Number(answer.model_version);
}

describe('a run that serves', { timeout: 120_000 }, () => {
  it('answers 1000 requests at a time while it learns at full speed', async () => {
    const { child, stderr, finished } = startMillraceIn(
      { env: { ADMIN_TOKEN: token } },
      'run',
      '-c',
      configIn(temporaryFolder()),
    );
    const base = await metricsUrl(stderr);
    await expect.poll(() => learnedBy(base), { timeout: 30_000 }).toBeGreaterThan(1000);
    const before = await learnedBy(base);
    const versions = await Promise.all(Array.from({ length: 1000 }, () => inferAt(base)));
    expect(versions).toHaveLength(1000);
    expect(Math.min(...versions)).toBeGreaterThan(0);
    expect(await learnedBy(base)).toBeGreaterThan(before);
    const text = await (await fetch(base)).text();
    expect(text).toContain('\nmillrace_inference_requests_total{result="answered"} 1000\n');
    child.kill('SIGTERM');
    expect((await finished).code).toBe(0);
  });

  it('pauses, resumes and saves a checkpoint when told to, and never tells the token', async () => {
    const folder = temporaryFolder();
    const secretFile = write(folder, 'token', `${token}\n`);
    const env = { ADMIN_TOKEN_FILE: secretFile, ADMIN_TOKEN: '' };
    const config = configIn(folder, ', samplesPerSecond: 2000');
    const calm = settings('checkpoint.everyMs=600000', 'checkpoint.everySamples=100000000');
    const run = startMillraceIn({ env }, 'run', '-c', config, ...calm);
    const base = await metricsUrl(run.stderr);
    const tell = async (path: string, secret = token) => {
      const headers = { authorization: `Bearer ${secret}` };
      const reply = await fetch(new URL(`/admin/${path}`, base), { method: 'POST', headers });
      return { status: reply.status, body: Object(await reply.json()) };
    };
    await expect.poll(() => learnedBy(base), { timeout: 30_000 }).toBeGreaterThan(500);
    expect((await tell('pause', 'a-token-that-nobody-else-knew')).status).toBe(401);
    expect(await tell('pause')).toEqual({ status: 200, body: { paused: true } });
    await expect
      .poll(
        async () =>
          (await learnedBy(base)) -
          (await new Promise((resolve) => setTimeout(resolve, 300)).then(() => learnedBy(base))),
      )
      .toBe(0);
    const paused = await learnedBy(base);
    const { status, body } = await tell('checkpoint');
    expect(status).toBe(200);
    expect(checkpointsIn(`${folder}/checkpoints`)).toEqual([body.checkpoint]);
    expect(body.checkpoint).toContain(String(paused));
    expect(await inferAt(base)).toBeGreaterThan(0);
    await tell('resume');
    await expect.poll(() => learnedBy(base), { timeout: 10_000 }).toBeGreaterThan(paused);
    const seen = [await (await fetch(base)).text(), await (await fetch(new URL('/openapi.json', base))).text()];
    run.child.kill('SIGTERM');
    const { code, stdout, stderr } = await run.finished;
    expect(code).toBe(0);
    const lint = await runMillraceIn({ env }, 'lint', '-c', config);
    const json = await runMillraceIn({ env }, 'lint', '-c', config, '--json');
    const short = await runMillraceIn({ env: { ADMIN_TOKEN: 'too-short' } }, 'run', '-c', config);
    expect(short.code).toBe(2);
    expect(short.stderr).toContain('http.adminToken');
    const all = [...seen, stdout, stderr, lint.stdout, lint.stderr, json.stdout, short.stderr].join('\n');
    expect(all).not.toContain(token);
    expect(all).not.toContain('too-short');
    expect(lint.stdout).toContain('adminToken: (secret)');
  });
});

describe('a scorer', { timeout: 120_000 }, () => {
  it('serves the newest checkpoint of a learner, and goes over to newer ones without dropping a request', async () => {
    const folder = temporaryFolder();
    const config = configIn(folder, ', samplesPerSecond: 3000');
    const env = { ADMIN_TOKEN: token };
    const scorer = startMillraceIn({ env }, 'run', '-c', config, '--role', 'scorer');
    const base = await metricsUrl(scorer.stderr);
    await expect.poll(scorer.stderr, { timeout: 10_000 }).toContain("waiting for the first checkpoint of 'served'");
    const early = await fetch(new URL('/v2/models/served/infer', base), {
      ...{ method: 'POST', body: row },
      headers: { 'content-type': 'application/json' },
    });
    expect(early.status).toBe(503);
    expect((await fetch(new URL('/readyz', base))).status).toBe(503);
    const learner = startMillraceIn({ env }, 'run', '-c', config);
    await expect.poll(async () => (await fetch(new URL('/readyz', base))).status, { timeout: 30_000 }).toBe(200);
    const versions: number[] = [];
    while (new Set(versions).size < 4)
      // Asked at the same time, they may be answered in any order.
      versions.push(...(await Promise.all([inferAt(base), inferAt(base), inferAt(base)])).sort((a, b) => a - b));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect((await fetch(new URL('/admin/pause', base), { method: 'POST' })).status).toBe(404);
    learner.child.kill('SIGKILL');
    await learner.finished;
    expect(await inferAt(base)).toBeGreaterThanOrEqual(versions.at(-1) ?? 0);
    scorer.child.kill('SIGTERM');
    const { code, stderr } = await scorer.finished;
    expect(code).toBe(0);
    expect(stderr.match(/serving .*\.safetensors: model version \d+/g)?.length).toBeGreaterThan(2);
  });

  it.each([
    ['checkpoint=false', 'checkpoint: a scorer serves checkpoints, and here they are off'],
    ['http=false', 'http: a scorer serves over HTTP, and here it is off'],
  ])('needs both checkpoints and HTTP: %s', async (assignment, words) => {
    const run = startMillrace(
      'run',
      '-c',
      'config/demo.yaml',
      '--role',
      'scorer',
      ...settings('http.port=0', assignment),
    );
    const { code, stderr } = await run.finished;
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
