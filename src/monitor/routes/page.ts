// The live page at `/` and its events. All of it is served from here: the files of src/monitor/page and uPlot's.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RunView } from '../../pipeline/status.ts';
import { createFeed, type Feed } from '../live/feed.ts';
import { RequestError } from '../request-error.ts';

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const require = createRequire(import.meta.url);
const own = (name: string) => fileURLToPath(new URL(`../page/${name}`, import.meta.url));

/** Path → file. */
const files = [
  { path: '/', file: own('index.html'), type: types.html },
  { path: '/page/style.css', file: own('style.css'), type: types.css },
  { path: '/page/icon.svg', file: own('icon.svg'), type: types.svg },
  { path: '/page/page.js', file: own('page.js'), type: types.js },
  { path: '/page/chart.js', file: own('chart.js'), type: types.js },
  { path: '/page/format.js', file: own('format.js'), type: types.js },
  { path: '/page/uplot.js', file: require.resolve('uplot/dist/uPlot.esm.js'), type: types.js },
  { path: '/page/uplot.css', file: require.resolve('uplot/dist/uPlot.min.css'), type: types.css },
];

/** Pages that may watch at a time. */
const watchersMax = 50;

/** Adds the page, its files and /events. */
export function addPageRoutes(app: FastifyInstance, view: RunView): void {
  for (const { path, file, type } of files) {
    const content = readFileSync(file);
    app.get(path, async (_request, reply) =>
      reply.header('content-type', type).header('cache-control', 'no-cache').send(content),
    );
  }
  const feed = createFeed(view);
  const watching = new Set<FastifyReply>();
  app.addHook('onListen', async () => feed.start());
  app.addHook('preClose', async () => {
    feed.stop();
    for (const reply of watching) reply.raw.end();
  });
  app.get('/events', (_request, reply) => {
    if (watching.size >= watchersMax) dropStalled(watching);
    if (watching.size >= watchersMax) throw new RequestError(503, `${watchersMax} pages are watching already`);
    watching.add(reply);
    reply.raw.once('close', () => void watching.delete(reply));
    streamEvents(reply, feed);
  });
}

/** Hangs up on the oldest page that does not read, so that what sleeps or is gone keeps nobody out. */
function dropStalled(watching: Set<FastifyReply>): void {
  const stalled = [...watching].find(({ raw }) => raw.writableNeedDrain);
  if (!stalled) return;
  watching.delete(stalled);
  stalled.raw.destroy();
}

/** Server-sent events (WHATWG HTML, section 9.2), until the page goes away. */
function streamEvents(reply: FastifyReply, feed: Feed): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...headersOf(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 1000\n\n');
  const stop = feed.listen((event, data) => {
    // Who reads too slowly misses figures that are old by then; curves are told again when they are thinned.
    if (!raw.writableNeedDrain) raw.write(`event: ${event}\ndata: ${data}\n\n`);
  });
  raw.once('close', stop);
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const entries = Object.entries(reply.getHeaders());
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
