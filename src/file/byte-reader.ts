// Bytes from a file or from a stream such as standard input, only when asked for: asking is the backpressure.

import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** Bytes of a read: few calls for a fast disk, little enough to hold while the rest of the pipeline is busy. */
const READ_BYTES = 256 * 1024;

export interface ByteReader {
  /** The next bytes, in memory that nobody writes to again; null at the end, or soon after `signal` aborts. */
  read(signal: AbortSignal | null): Promise<Buffer | null>;
  /** Lets go; a read that is waiting ends with null. Safe to call twice. */
  close(): Promise<void>;
}

/** Reads a file from its beginning. Rejects with the system's error if it cannot be opened. */
export async function openFileReader(path: string): Promise<ByteReader> {
  const handle = await open(path, 'r');
  let isClosed = false;
  return {
    async read(signal) {
      if (isClosed || signal?.aborted) return null;
      // Fresh memory for each read: the records handed on are views of it.
      const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, null);
      return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await handle.close();
    },
  };
}

/** Reads a stream; closing destroys it, so that a silent standard input does not keep the process alive. */
export function createStreamReader(stream: Readable): ByteReader {
  let failure: Error | null = null;
  let isClosed = false;
  let isListening = false;
  let wake: () => void = () => {};

  function listen(): void {
    if (isListening) return;
    isListening = true;
    stream.on('error', (error: Error) => {
      failure = error;
      wake();
    });
    for (const event of ['readable', 'end', 'close']) stream.on(event, () => wake());
  }

  function change(signal: AbortSignal | null): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal?.removeEventListener('abort', done);
        wake = () => {};
        resolve();
      };
      wake = done;
      signal?.addEventListener('abort', done);
    });
  }

  return {
    async read(signal) {
      listen();
      for (;;) {
        if (isClosed || signal?.aborted) return null;
        if (failure !== null) throw failure;
        const bytes: unknown = stream.read();
        if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        if (typeof bytes === 'string') return Buffer.from(bytes);
        if (stream.readableEnded || stream.destroyed) return null;
        await change(signal);
      }
    },
    async close() {
      isClosed = true;
      listen();
      wake();
      stream.destroy();
    },
  };
}
