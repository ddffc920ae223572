// Predictions or dead letters on standard output, a line each. What was printed cannot be taken back, so it keeps no
// mark: after a crash the lines since the last checkpoint are printed again.

import type { Writable } from 'node:stream';
import { MillraceError, messageOf } from '../errors.ts';
import type { Sink } from '../pipeline/ports.ts';
import { type Render, renderLines } from './render.ts';
import { createSerial } from './serial.ts';

export interface StdoutSinkOptions {
  /** `value` unless said. */
  readonly render?: Render;
  /** Where to write, the process's standard output unless said; it is never ended. */
  readonly stream?: Writable;
}

/** A sink on standard output; a write resolves when the bytes are handed over, so a slow reader stops the fetch. */
export function createStdoutSink({ render = 'value', stream = process.stdout }: StdoutSinkOptions = {}): Sink {
  const inOrder = createSerial();
  let failure: MillraceError | null = null;
  let stopWaiting: () => void = () => {};

  // Without a listener a reader that goes away (`| head`) would end the process from outside the pipeline.
  function onError(error: Error): void {
    failure ??= unwritable(error);
    stopWaiting();
  }

  function onClose(): void {
    onError(new Error('it was closed'));
  }

  function send(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      stopWaiting = () => reject(failure);
      if (failure !== null) return reject(failure);
      if (bytes.length === 0) return resolve();
      stream.write(bytes, (error) => {
        if (error) onError(error);
        else resolve();
      });
    });
  }

  function release(): void {
    stream.off('close', onClose);
    // The error listener stays: a late EPIPE after closing must not end the process.
  }

  return {
    name: 'standard output',
    async open() {
      stream.on('error', onError);
      stream.on('close', onClose);
      if (stream.destroyed) onClose();
      if (failure !== null) throw failure;
    },
    write: (records) => inOrder(() => send(renderLines(records, render))),
    flush: () =>
      inOrder(async () => {
        if (failure !== null) throw failure;
        return null;
      }),
    close: () => inOrder(async () => release()),
  };
}

function unwritable(error: Error): MillraceError {
  const isPipe = 'code' in error && error.code === 'EPIPE';
  const message = isPipe
    ? 'Cannot write to standard output: its reader has gone (EPIPE). Let the reader take all lines, or write to a file.'
    : `Cannot write to standard output: ${messageOf(error)}. Check where it is redirected to and the free space.`;
  return new MillraceError('sink-unwritable', message, { cause: error });
}
