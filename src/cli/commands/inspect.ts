// `millrace inspect`: what a checkpoint holds, told by the file alone.

import { printResult } from '../console.ts';
import { describeCheckpoint } from '../inspect/describe.ts';
import { inspectCheckpoint } from '../inspect/report.ts';

/** Prints a checkpoint in words, or as one JSON line. Throws MillraceError('checkpoint-damaged'). */
export async function inspect(path: string, { json }: { readonly json: boolean }): Promise<void> {
  const report = await inspectCheckpoint(path);
  printResult(json ? report : describeCheckpoint(report));
}
