// The OpenAPI document of the HTTP server; a test holds it to the routes that there are.

import { z } from 'zod';
import { inferRequestSchema } from './inference/tensors.ts';

const errorSchema = z.object({ error: z.string() });

const tensorDescription = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int()).describe('-1 is the number of rows.'),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

const answerSchema = z.object({
  model_name: z.string(),
  model_version: z.string().describe('Optimiser steps over the life of the model.'),
  id: z.string().optional(),
  outputs: z.array(tensorDescription.extend({ data: z.array(z.unknown()) })),
});

const modelSchema = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorDescription),
  outputs: z.array(tensorDescription),
});

type Json = Readonly<Record<string, unknown>>;

const jsonOf = (schema: z.ZodType) => ({
  'application/json': { schema: z.toJSONSchema(schema, { target: 'openapi-3.0' }) },
});

function answer(description: string, schema?: z.ZodType): Json {
  return schema ? { description, content: jsonOf(schema) } : { description };
}

const refused = (description: string) => answer(description, errorSchema);

const parameter = (name: string, description: string) => ({
  ...{ name, description, in: 'path', required: true },
  schema: { type: 'string' },
});

const modelName = parameter('name', "The model's name, `name` of the configuration.");
const modelVersion = parameter('version', 'The version it must be at, else 404.');

/** An operation without a body. */
function operation(summary: string, responses: Json, more: Json = {}): Json {
  return { summary, responses, ...more };
}

function modelPaths(path: string, parameters: readonly Json[]): Readonly<Record<string, Json>> {
  const missing = { '404': refused('No model of this name or version.'), '503': refused('No model yet.') };
  const infer = {
    ...{ parameters, summary: 'Predict the rows that are sent; the model does not change.' },
    requestBody: { required: true, content: jsonOf(inferRequestSchema) },
    responses: {
      '200': answer('The predictions, all of one model version.', answerSchema),
      '400': refused('The request, or a row of it, is not what the model takes.'),
      '408': refused('The body took too long to arrive.'),
      '413': refused('The body is too large.'),
      '415': refused('The body is not JSON.'),
      ...missing,
    },
  };
  const described = { '200': answer('Its tensors.', modelSchema), ...missing };
  const readySchema = z.object({ name: z.string(), ready: z.boolean() });
  return {
    [path]: { get: operation('What the model takes and gives.', described, { parameters }) },
    [`${path}/ready`]: {
      get: operation('Whether it predicts.', { '200': answer('It does.', readySchema), ...missing }, { parameters }),
    },
    [`${path}/infer`]: { post: infer },
  };
}

function adminPath(summary: string, schema: z.ZodType): Json {
  const responses = {
    '200': answer('Done.', schema),
    '401': refused('No token, or not the right one.'),
    '409': refused('The run is not live, or keeps no checkpoints.'),
    '503': refused('It could not be done.'),
  };
  return { post: operation(summary, responses, { security: [{ bearer: [] }] }) };
}

const text = (description: string, type: string) => ({ '200': { description, content: { [type]: {} } } });

/** The document; with the controls where there is a token for them. */
export function openApiDocument(version: string, hasAdmin: boolean): Json {
  const paused = z.object({ paused: z.boolean() });
  const admin = {
    '/admin/pause': adminPath('Read no further; the run stays alive.', paused),
    '/admin/resume': adminPath('Go on reading.', paused),
    '/admin/checkpoint': adminPath('Save a checkpoint now.', z.object({ checkpoint: z.string() })),
  };
  const failing = { '200': answer('Yes.'), '503': answer('No, and why.') };
  const ready = z.object({ ready: z.boolean() });
  return {
    openapi: '3.0.3',
    info: { title: 'Millrace', version, description: 'Metrics, live page, predictions and controls of a run.' },
    paths: {
      '/': { get: operation('The live page.', text('The page.', 'text/html')) },
      '/events': { get: operation('What the live page shows, as it changes.', text('Events.', 'text/event-stream')) },
      '/metrics': { get: operation('Metrics for Prometheus.', text('Text format 0.0.4.', 'text/plain')) },
      '/livez': { get: operation('Whether the process is well.', failing) },
      '/readyz': { get: operation('Whether the run is live.', failing) },
      '/readyz/standby': { get: operation('Whether the run is live or stands by.', failing) },
      '/openapi.json': { get: operation('This document.', text('OpenAPI 3.0.', 'application/json')) },
      '/v2': {
        get: operation('What this server is.', {
          '200': answer(
            'Name and version.',
            z.object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) }),
          ),
        }),
      },
      '/v2/health/live': {
        get: operation('Whether it answers.', { '200': answer('It does.', z.object({ live: z.boolean() })) }),
      },
      '/v2/health/ready': {
        get: operation('Whether its model predicts.', {
          '200': answer('It does.', ready),
          '503': answer('Not yet.', ready),
        }),
      },
      ...modelPaths('/v2/models/{name}', [modelName]),
      ...modelPaths('/v2/models/{name}/versions/{version}', [modelName, modelVersion]),
      ...(hasAdmin ? admin : {}),
    },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}
