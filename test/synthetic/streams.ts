// Records of synthetic streams, read as anyone would read them: as JSON.

import type { Source } from '../../src/pipeline/ports.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import { createSyntheticSource, type SyntheticSourceOptions } from '../../src/synthetic/synthetic-source.ts';

/** One record. */
export interface Sample {
  readonly x: readonly number[];
  readonly label: number;
}

/** A source without noise and drift unless said. */
export function sourceOf(options: Partial<SyntheticSourceOptions>): Source {
  return createSyntheticSource({ stream: 'xor', seed: 1, noise: 0, ...options });
}

/** The bytes of `count` records from number `first` on. */
export async function bytesOf(options: Partial<SyntheticSourceOptions>, count: number, first = 0): Promise<Buffer[]> {
  const values: Buffer[] = [];
  for await (const { records } of sourceOf(options).chunks(new Map([[0, first]]), new AbortController().signal)) {
    for (const { value } of recordList(records)) values.push(Buffer.from(value ?? []));
    if (values.length >= count) break;
  }
  return values.slice(0, count);
}

/** `count` records from number `first` on. */
export async function samplesOf(options: Partial<SyntheticSourceOptions>, count: number, first = 0): Promise<Sample[]> {
  const values = await bytesOf(options, count, first);
  return values.map((value) => {
    const { features, label }: { features: Record<string, number>; label: number } = JSON.parse(value.toString());
    return { x: Object.values(features), label };
  });
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
