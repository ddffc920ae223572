import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createHttpApp } from '../../src/monitor/http-app.ts';
import { openApiDocument } from '../../src/monitor/openapi.ts';
import { createMetricsRegistry } from '../../src/monitor/registry.ts';
import { createSampleView } from './sample-view.ts';

/** Every method and path of an app, as OpenAPI writes them. */
async function routesOf(app: FastifyInstance): Promise<string[]> {
  await app.ready();
  const tree = app.printRoutes({ commonPrefix: false });
  const routes: string[] = [];
  const above: string[] = [];
  for (const line of tree.split('\n').filter((text) => text.includes('── '))) {
    const [indent, rest] = line.split('── ');
    const depth = Math.floor(indent.length / 4);
    const [, part = '', methods = ''] = /^(\S*)(?: \((.*)\))?$/.exec(rest) ?? [];
    above.length = depth;
    above[depth] = part;
    for (const method of methods.split(', ').filter((name) => name !== '' && name !== 'HEAD'))
      routes.push(`${method} ${above.join('').replaceAll(/:(\w+)/g, '{$1}') || '/'}`);
  }
  return routes;
}

describe('/openapi.json', () => {
  it('has every route, and none that is not there', async () => {
    const view = createSampleView();
    const controls = { pause() {}, resume() {}, checkpoint: async () => null };
    const app = createHttpApp({
      ...{ view, version: '1.2.3', registry: createMetricsRegistry({ view, version: '1.2.3' }) },
      admin: { token: 'a token of sixteen', controls },
    });
    const { paths } = (await app.inject('/openapi.json')).json();
    const documented = Object.entries<object>(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = (await routesOf(app)).filter((route) => !route.startsWith('GET /page/'));
    expect(routes.length).toBeGreaterThan(15);
    expect(documented.toSorted()).toEqual(routes.toSorted());
  });

  it('names every place holder of a path as a parameter', () => {
    const { paths } = openApiDocument('1.2.3', true);
    for (const [path, operations] of Object.entries(Object(paths)))
      for (const operation of Object.values(Object(operations))) {
        const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const parameters: { name: string }[] = Object(operation).parameters ?? [];
        expect(
          parameters.map(({ name }) => name),
          path,
        ).toEqual(wanted);
      }
  });

  it('leaves the controls out where there is no token for them', () => {
    expect(JSON.stringify(openApiDocument('1.2.3', false))).not.toContain('/admin');
  });
});
