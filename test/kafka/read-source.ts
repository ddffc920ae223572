// What the tests of the Kafka source have in common: sources over topics of their own, read to the end.

import { randomUUID } from 'node:crypto';
import { createKafkaSource, type KafkaSourceOptions } from '../../src/kafka/kafka-source.ts';
import type { Source } from '../../src/pipeline/ports.ts';
import { recordList } from '../../src/sample/listed-records.ts';
import type { Positions, SourceRecord } from '../../src/sample/record.ts';
import { claimedChunks } from '../support/claimed-chunks.ts';

/** Both ways of reading keep the same promises. */
export const consumers = ['wire', 'kafkajs'] as const;

export const START: Positions = new Map();
export const never = new AbortController().signal;

/** Topic settings under which segments close soon and are compacted at once. */
export const compacted = [
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'segment.ms', value: '100' },
  { name: 'min.cleanable.dirty.ratio', value: '0.01' },
  { name: 'min.compaction.lag.ms', value: '0' },
];

/** A maker of sources, each in a group of its own, with these options unless others are said. */
export function createSourceMaker(brokers: readonly string[], common: Partial<KafkaSourceOptions>) {
  return (topic: string, options: Partial<KafkaSourceOptions> = {}): Source =>
    createKafkaSource({ connection: { brokers }, topic, groupId: `test-${randomUUID()}`, ...common, ...options });
}

/** Opens, reads to the end and closes. */
export async function readToEnd(source: Source, from: Positions = START, signal = never): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  await source.open();
  try {
    for await (const chunk of claimedChunks(source, from, signal)) records.push(...recordList(chunk.records));
  } finally {
    await source.close();
  }
  return records;
}

export function valuesOf(records: readonly SourceRecord[]): string[] {
  return records.map(({ value }) => String(value));
}

/** Messages that hold the numbers [from, to). */
export function numbered(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => ({ value: String(from + index) }));
}

export function numbers(from: number, to: number): string[] {
  return numbered(from, to).map(({ value }) => value);
}
