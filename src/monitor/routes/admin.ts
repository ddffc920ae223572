// POST /admin/pause, /admin/resume and /admin/checkpoint, for whoever has the token. Without a token in the
// configuration they are not there at all.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RunPhase } from '../../pipeline/status.ts';
import { RequestError } from '../request-error.ts';

/** What a run can be told. */
export interface RunControls {
  pause(): void;
  resume(): void;
  /** Saves a checkpoint and gives its path; null where none are kept. */
  checkpoint(): Promise<string | null>;
}

export interface AdminOptions {
  readonly token: string;
  readonly controls: RunControls;
  readonly phase: () => RunPhase;
}

/** Adds the controls. */
export function addAdminRoutes(app: FastifyInstance, options: AdminOptions): void {
  app.register((scope, _options, registered) => {
    // Nothing is told by a body, so that none is read, whatever its type.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    addControls(scope, options);
    registered();
  });
}

function addControls(app: FastifyInstance, { token, controls, phase }: AdminOptions): void {
  const wanted = digestOf(`Bearer ${token}`);

  async function authorise({ headers }: FastifyRequest): Promise<void> {
    // Digests have one length, so that the comparison takes as long whatever was sent.
    const sent = (headers.authorization ?? '').replace(/^bearer +/i, 'Bearer ');
    if (timingSafeEqual(digestOf(sent), wanted)) return;
    throw new RequestError(
      401,
      'this needs the header `Authorization: Bearer TOKEN` with the token of `http.adminToken`',
    );
  }

  const options = { onRequest: authorise };
  app.post('/admin/pause', options, async () => {
    requireLive(phase());
    controls.pause();
    return { paused: true };
  });
  app.post('/admin/resume', options, async () => {
    controls.resume();
    return { paused: false };
  });
  app.post('/admin/checkpoint', options, async () => {
    requireLive(phase());
    const path = await controls.checkpoint().catch((error: Error) => {
      throw new RequestError(503, `no checkpoint was saved: ${error.message}`);
    });
    if (path === null) throw new RequestError(409, 'this run keeps no checkpoints: `checkpoint` is off');
    return { checkpoint: path };
  });
}

function requireLive(phase: RunPhase): void {
  if (phase !== 'live') throw new RequestError(409, `the run is ${phase}, not live`);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
