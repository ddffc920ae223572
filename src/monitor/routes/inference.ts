// The Open Inference Protocol v2 over HTTP: health, what the model is, and predictions of rows that are sent.
// https://github.com/open-inference/open-inference-protocol

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServedModel } from '../../pipeline/status.ts';
import { infer } from '../inference/infer.ts';
import { describeInputs, describeOutputs } from '../inference/output-tensors.ts';
import type { InferenceTally } from '../inference/tally.ts';
import { RequestError } from '../request-error.ts';

export interface InferenceOptions {
  /** The model's name, part of the paths. */
  readonly name: string;
  readonly version: string;
  readonly model: () => ServedModel | null;
  readonly ready: () => boolean;
  readonly tally: InferenceTally;
}

/** Bytes of a request's body. */
const bodyBytesMax = 4 << 20;

interface ModelParams {
  readonly name: string;
  readonly version?: string;
}

/** Adds /v2 and what lies below it. */
export function addInferenceRoutes(app: FastifyInstance, options: InferenceOptions): void {
  const { name, version, model, ready, tally } = options;

  /** The model that a path names. Throws RequestError 404, 503. */
  function modelOf({ params }: FastifyRequest<{ Params: ModelParams }>): ServedModel {
    if (params.name !== name) throw new RequestError(404, `there is no model '${params.name}'; there is '${name}'`);
    const served = model();
    if (!served) throw new RequestError(503, `model '${name}' is not there yet`);
    const steps = String(served.learner.steps);
    if (params.version !== undefined && params.version !== steps)
      throw new RequestError(
        404,
        `model '${name}' has no version ${params.version} any more or yet; it is at ${steps}`,
      );
    return served;
  }

  app.get('/v2', async () => ({ name: 'millrace', version, extensions: [] }));
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async (_request, reply) => {
    const isReady = ready() && model() !== null;
    return reply.code(isReady ? 200 : 503).send({ ready: isReady });
  });
  for (const path of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    app.get<{ Params: ModelParams }>(path, async (request) => {
      const { learner, schema } = modelOf(request);
      return {
        name,
        versions: [String(learner.steps)],
        platform: 'millrace_mlp',
        inputs: describeInputs(schema),
        outputs: describeOutputs(schema),
      };
    });
    app.get<{ Params: ModelParams }>(`${path}/ready`, async (request, reply) => {
      modelOf(request);
      return reply.code(ready() ? 200 : 503).send({ name, ready: ready() });
    });
    app.post<{ Params: ModelParams }>(`${path}/infer`, { bodyLimit: bodyBytesMax }, async (request) => {
      const startedAt = performance.now();
      try {
        if (request.headers['inference-header-content-length'] !== undefined)
          throw new RequestError(400, 'tensors in binary form are not understood; send them as JSON');
        const answer = infer(name, modelOf(request), request.body);
        tally.answered++;
        tally.rows += answer.outputs[0].shape[0];
        tally.ms += performance.now() - startedAt;
        return answer;
      } catch (error) {
        tally.refused++;
        throw error;
      }
    });
  }
}
