// Which Millrace this is, and which model it runs.

import { addLabelledGauge, type Family } from './scrape.ts';

/** millrace_build_info: always 1; the labels tell. */
export function addBuildInfo(family: Family, version: string, model: string): void {
  addLabelledGauge(
    family,
    {
      name: 'millrace_build_info',
      help: 'Always 1; the labels tell the version of Millrace, the name of the model and the version of Node.',
      labelNames: ['version', 'name', 'node'],
    },
    () => [[{ version, name: model, node: process.version }, 1]],
  );
}
