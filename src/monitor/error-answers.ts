// What is answered where a request cannot be: the right status, and `{"error": "…"}` in words.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from '../errors.ts';

interface Route {
  readonly method: string;
  /** Matches the paths of the route. */
  readonly pattern: RegExp;
}

/**
 * Answers unknown paths (404, with the paths there are), known paths with another method (405) and every failure. Call it
 * before the routes are added: it learns them as they come.
 */
export function addErrorAnswers(app: FastifyInstance): void {
  const paths = new Set<string>();
  const routes: Route[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) {
      if (each === 'GET' && !url.startsWith('/page/')) paths.add(url);
      routes.push({ method: each, pattern: patternOf(url) });
    }
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0];
    const allowed = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (allowed.length === 0) return reply.code(404).send({ error: 'there is nothing here', paths: [...paths] });
    const allow = [...new Set(allowed)].join(', ');
    return reply
      .code(405)
      .header('allow', allow)
      .send({ error: `${request.method} is not answered here, only ${allow}` });
  });
  app.setErrorHandler(answerFailure);
}

/** Answers a failure. */
export function answerFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  // A defect says nothing of itself to strangers.
  reply.code(status).send({ error: status < 500 || status === 503 ? wordsOf(error, request) : 'an internal error' });
}

function wordsOf(error: FastifyError, { routeOptions }: FastifyRequest): string {
  if (error.code === 'FST_ERR_BAD_URL') return 'the path has a % that no two hexadecimal digits of UTF-8 follow';
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return 'a part of the path is too long';
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return 'the body must be JSON, with the header `content-type: application/json`';
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return `the body is too large: it may have ${routeOptions.bodyLimit} bytes`;
  return messageOf(error);
}

function patternOf(url: string): RegExp {
  return new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
}

type Answer = readonly [status: string, message: string];

const unknownMethod: Answer = ['501 Not Implemented', 'no such method is known here'];

const clientErrors: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request took too long to arrive'],
};

/** A first line as it should be, whatever the method. */
const requestLine = /^[!#$%&'*+.^`|~\w-]+ \S+ HTTP\/1\.[01]\r?\n/;

/** What never became a request, as Node tells of it. */
interface ClientError extends Error {
  readonly code?: string;
  readonly rawPacket?: unknown;
}

/** Answers what never became a request: headers too large, a client too slow, an unknown method, not HTTP at all. */
export function answerClientError(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  writeAnswer(socket, clientErrors[error.code ?? ''] ?? answerToBytes(error));
}

/** Answers CONNECT, which Node hands over as a bare socket. */
export function answerConnect(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => {});
  writeAnswer(socket, unknownMethod);
}

function writeAnswer(socket: Duplex, [status, message]: Answer): void {
  const body = JSON.stringify({ error: message });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}

function answerToBytes({ code, rawPacket }: ClientError): Answer {
  // Node calls it an invalid method, too, where no line of HTTP came at all.
  const hasUnknownMethod = code === 'HPE_INVALID_METHOD' && requestLine.test(String(rawPacket));
  return hasUnknownMethod ? unknownMethod : ['400 Bad Request', 'this is not HTTP'];
}

/** Answers a request whose `Expect` asks for what is not known. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(417, { 'content-type': 'application/json; charset=utf-8', connection: 'close' });
  response.end(JSON.stringify({ error: 'of the header `Expect` only `100-continue` is known' }));
}
