// Where `millrace predict` writes: lines on standard output, or files that are written anew.

import { createFileSink } from '../../file/file-sink.ts';
import { createStdoutSink } from '../../file/stdout-sink.ts';
import type { Sinks } from '../../pipeline/plain-delivery.ts';
import type { Sink } from '../../pipeline/ports.ts';

/** The sinks for two paths (`-` is standard output, null none), open; those that opened are closed on a failure. */
export async function openOutputs(predictions: string | null, deadLetters: string | null): Promise<Sinks> {
  const sinks: Sinks = {
    predictions: predictions === null ? null : sinkOf(predictions, 'value'),
    deadLetters: deadLetters === null ? null : sinkOf(deadLetters, 'dead-letter'),
  };
  try {
    await sinks.predictions?.open(null);
    await sinks.deadLetters?.open(null);
    return sinks;
  } catch (error) {
    await closeOutputs(sinks);
    throw error;
  }
}

/** Makes what was written durable and lets go. */
export async function closeOutputs({ predictions, deadLetters }: Sinks): Promise<void> {
  await predictions?.close();
  await deadLetters?.close();
}

function sinkOf(path: string, render: 'value' | 'dead-letter'): Sink {
  return path === '-' ? createStdoutSink({ render }) : createFileSink({ path, format: 'ndjson', render });
}
