// Requests as they come from a network: wrong, hostile, slow or endless. Each gets the right status and a clear word, and
// the server goes on.

import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer } from '../../src/monitor/http-server.ts';
import { createMetricsRegistry } from '../../src/monitor/registry.ts';
import { createSampleView } from './sample-view.ts';
import { rowsOf, servedBy, tensorsOf, trainedFold } from './trained-model.ts';

const infer = '/v2/models/fraud/infer';
const good = JSON.stringify({ inputs: tensorsOf(rowsOf(3)) });
const json = { 'content-type': 'application/json' };

let url = '';
let port = 0;
beforeAll(async () => {
  const view = createSampleView();
  const model = servedBy(trainedFold('binary'));
  view.model = () => model;
  const registry = createMetricsRegistry({ view, version: '1.2.3' });
  const server = createHttpServer({ view, registry, version: '1.2.3', port: 0, requestTimeoutMs: 500 });
  url = (await server.start()).url;
  port = Number(new URL(url).port);
  return () => server.close();
});

async function post(path: string, body: string, headers: Record<string, string> = json) {
  const reply = await fetch(`${url}${path}`, { method: 'POST', body, headers });
  return { status: reply.status, body: await reply.text() };
}

/** Sends bytes as they are, and what came back until the server hung up. */
async function raw(...parts: (string | Uint8Array)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  // A server that has said no reads no further.
  socket.on('error', () => undefined);
  const answer = text(socket).catch(() => '');
  await once(socket, 'connect');
  for (const part of parts) socket.write(part);
  return answer;
}

/** The server predicts as if nothing had been. */
async function expectWell() {
  expect((await post(infer, good)).status).toBe(200);
}

describe('a bad request', () => {
  it.each<[string, string, string, Record<string, string>, number, RegExp]>([
    ['no JSON', infer, '{"inputs":', json, 400, /not valid JSON|JSON/],
    ['NaN', infer, good.replace('[', '[NaN,'), json, 400, /JSON/],
    ['nothing', infer, '', json, 400, /empty/],
    ['a wrong shape', infer, good.replaceAll('[3]', '[4]'), json, 400, /has 3 values, its shape \[4\] 4/],
    ['a wrong type', infer, good.replace('"DE"', '7'), json, 400, /tensor 'country': value 0 is not BYTES/],
    [
      'a number too large',
      infer,
      '{"inputs":[{"name":"amount","shape":[1],"datatype":"FP64","data":[1e999]}]}',
      json,
      400,
      /not a finite float32/,
    ],
    ['a prototype', infer, '{"__proto__":{"inputs":[]}}', json, 400, /not valid JSON/],
    ['text', infer, good, { 'content-type': 'text/plain' }, 415, /must be JSON.*application\/json/],
    ['a form', infer, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, /must be JSON/],
    ['a binary tensor', infer, good, { ...json, 'inference-header-content-length': '10' }, 400, /binary/],
    ['an unknown model', '/v2/models/other/infer', good, json, 404, /there is no model 'other'; there is 'fraud'/],
    ['an unknown version', '/v2/models/fraud/versions/9/infer', good, json, 404, /no version 9/],
    ['a path that climbs', '/v2/models/..%2f..%2fetc%2fpasswd/infer', good, json, 404, /there is no model/],
    ['no path of ours', '/v2/models/fraud/learn', good, json, 404, /there is nothing here/],
    ['a wrong method', '/v2/models/fraud', good, json, 405, /only GET, HEAD/],
    ['a broken escape', '/v2/models/%/infer', good, json, 400, /the path has a %/],
    ['a broken UTF-8', '/v2/models/%E0%A4%A/infer', good, json, 400, /the path has a %/],
    ['a name too long', `/v2/models/${'a'.repeat(300)}`, good, json, 414, /too long/],
    ['a body too large', '/v2', `"${'x'.repeat(20_000)}"`, json, 413, /may have 16384 bytes/],
  ])('%s is refused with a clear word', async (_name, path, body, headers, status, words) => {
    const answer = await post(path, body, headers);
    expect([answer.status, answer.body]).toEqual([status, expect.stringMatching(words)]);
    expect(JSON.parse(answer.body)).toMatchObject({ error: expect.stringMatching(words) });
    expect(Object.keys(JSON.parse(answer.body))).not.toContain('statusCode');
    expect(answer.body).not.toMatch(/node_modules|\.ts|\n +at /);
    await expectWell();
  });

  it('of 50 MB is refused before it has come', async () => {
    const sent = request(`${url}${infer}`, { method: 'POST', headers: { ...json, 'content-length': 50 << 20 } });
    sent.on('error', () => undefined);
    sent.write('{"inputs":[');
    const [reply] = await once(sent, 'response');
    expect(reply.statusCode).toBe(413);
    expect(JSON.parse(await text(reply)).error).toMatch(/too large: it may have 4194304 bytes/);
    sent.destroy();
    await expectWell();
  });

  it('of 50 MB in pieces, its length untold, is cut', async () => {
    const piece = `10000\r\n${' '.repeat(1 << 16)}\r\n`;
    const head = `POST ${infer} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await raw(head, ...Array.from({ length: 800 }, () => piece));
    // The answer may be lost with the connection, which is cut while the client still sends.
    expect(answer).toMatch(/^(HTTP\/1\.1 413 .*too large.*)?$/s);
    await expectWell();
  });

  it('that does not end is answered 408', async () => {
    const head = `POST ${infer} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"in`;
    const answer = await raw(head);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('{"error":"the request took too long to arrive"}');
    await expectWell();
  });

  it('with a flood of headers is answered 431', async () => {
    const flood = Array.from({ length: 700 }, (_, index) => `X-${index}: ${'a'.repeat(20)}\r\n`).join('');
    const answer = await raw(`GET /v2 HTTP/1.1\r\nHost: x\r\n${flood}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('{"error":"the headers are too large"}');
    await expectWell();
  });

  it.each([
    ['Host', '400', 'HTTP/1.1 needs the header `Host`', 'Connection: close\r\n'],
    ['a known Expect', '417', 'of the header `Expect` only `100-continue` is known', 'Host: x\r\nExpect: more\r\n'],
  ])('without %s is answered %s in words', async (_what, status, words, headers) => {
    const answer = await raw(`GET /v2 HTTP/1.1\r\n${headers}\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain(JSON.stringify({ error: words }));
    await expectWell();
  });

  it('of HTTP/1.0 needs no Host', async () => {
    expect(await raw('GET /v2 HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 .*"name":"millrace"/s);
  });

  it.each(['FOO', 'get', 'M-SEARCHED', 'CONNECT'])('with the unknown method %s is told so', async (method) => {
    const answer = await raw(`${method} ${method === 'CONNECT' ? 'x:1' : '/'} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 501 .*\{"error":"no such method is known here"\}$/s);
    await expectWell();
  });

  it.each([
    '\u0016\u0003\u0001 hello',
    'hello\r\n\r\n',
    'FOO / FTP/1.1\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  ])('that is not HTTP as it should be does no harm: %j', async (bytes) => {
    expect(await raw(bytes)).toMatch(/^HTTP\/1\.1 (400|404) .*"error"/s);
    await expectWell();
  });
});

describe('a model', () => {
  it('is described, ready and predicts, by name and by version', async () => {
    const get = async (path: string) => (await fetch(`${url}${path}`)).json();
    expect(await get('/v2')).toEqual({ name: 'millrace', version: '1.2.3', extensions: [] });
    expect(await get('/v2/health/live')).toEqual({ live: true });
    expect(await get('/v2/health/ready')).toEqual({ ready: true });
    const { versions, inputs, outputs } = Object(await get('/v2/models/fraud'));
    expect([inputs.length, outputs.length]).toEqual([4, 2]);
    expect(await get('/v2/models/fraud/ready')).toEqual({ name: 'fraud', ready: true });
    expect((await post(`/v2/models/fraud/versions/${versions[0]}/infer`, good)).status).toBe(200);
  });
});
