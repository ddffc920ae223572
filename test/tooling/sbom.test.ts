// The bill of materials lists what is installed with Millrace: all of it, each with its licence and hash, and no tool.

import { expect, it } from 'vitest';
import { packageName, readLockfile, withoutDevelopment } from './lockfile.ts';
import { billOfMaterials } from './sbom.ts';

interface Bill {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string; readonly purl: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly licenses?: readonly unknown[];
    readonly hashes?: readonly unknown[];
  }[];
}

const bill: Bill = JSON.parse(billOfMaterials());

it('is CycloneDX of this project', () => {
  expect(bill.bomFormat).toBe('CycloneDX');
  expect(bill.metadata.component).toMatchObject({
    name: 'millrace',
    purl: expect.stringContaining('pkg:npm/millrace@'),
  });
});

it('lists every production package of the lockfile and nothing else', () => {
  const { '': _, ...production } = withoutDevelopment(readLockfile()).packages;
  const locked = Object.entries(production).map(([path, { version }]) => `${packageName(path)}@${version}`);
  const listed = bill.components.map(({ name, version }) => `${name}@${version}`);
  expect(new Set(listed)).toEqual(new Set(locked));
  expect(listed).toEqual(expect.arrayContaining([expect.stringMatching(/^zod@/), expect.stringMatching(/^kafkajs@/)]));
});

it('says of each where it is from, its licence and its hash', () => {
  const vague = bill.components.filter(
    ({ purl, licenses = [], hashes = [] }) => !purl.startsWith('pkg:npm/') || !licenses.length || !hashes.length,
  );
  expect(vague).toEqual([]);
});
