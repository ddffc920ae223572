// The line that a terminal shows while a file is scored: how far it has come, and how fast.

import { stat } from 'node:fs/promises';
import type { Chunk, Records } from '../../sample/record.ts';
import { createSpan } from '../../sample/span.ts';
import { isTerminal, showStatus } from '../console.ts';

const redrawMs = 100;
const barWidth = 24;

export interface ProgressBar {
  /** Draws anew, a few times a second at most. */
  advance(chunk: Chunk): void;
  /** Takes the line away. */
  end(): void;
}

/** A bar for the records of a file, each with so many bytes between it and the next; where no end is in sight (`-`, a pipe), a count only. */
export async function createProgressBar(path: string, separatorBytes: number): Promise<ProgressBar> {
  const total = isTerminal() ? await sizeOf(path) : null;
  const startedMs = performance.now();
  let [records, bytes, drawnMs] = [0, 0, 0];
  return {
    advance(chunk) {
      if (!isTerminal()) return;
      records += chunk.records.length;
      bytes += bytesOf(chunk.records) + separatorBytes * chunk.records.length;
      const nowMs = performance.now();
      if (nowMs - drawnMs < redrawMs) return;
      drawnMs = nowMs;
      showStatus(barText(total === null ? null : bytes / total, records, (records * 1000) / (nowMs - startedMs)));
    },
    end: () => showStatus(null),
  };
}

function bytesOf(records: Records): number {
  const value = createSpan();
  let bytes = 0;
  for (let index = 0; index < records.length; index++)
    if (records.readValue(index, value)) bytes += value.to - value.from;
  return bytes;
}

/** `███████─────  45 % · 12,340 records · 250,000/s`; without the bar where the share is not known. */
export function barText(share: number | null, records: number, perSecond: number): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const figures = `${count(records)} records · ${count(perSecond)}/s`;
  if (share === null) return figures;
  const done = Math.min(1, share);
  const full = Math.round(done * barWidth);
  const bar = `${'█'.repeat(full)}${'─'.repeat(barWidth - full)}`;
  return `${bar} ${String(Math.floor(done * 100)).padStart(3)} % · ${figures}`;
}

async function sizeOf(path: string): Promise<number | null> {
  if (path === '-') return null;
  const info = await stat(path).catch(() => null);
  return info?.isFile() && info.size > 0 ? info.size : null;
}
