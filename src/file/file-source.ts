// Records from a CSV or NDJSON file, from one of records of a fixed size, or from standard input. A record's offset is its number from 0, going on over the
// epochs, so that a run that was killed resumes at exactly the record it had come to.

import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { MillraceError, messageOf } from '../errors.ts';
import type { Source } from '../pipeline/ports.ts';
import { listedRecords } from '../sample/listed-records.ts';
import type { Chunk, Headers, Positions, SourceRecord } from '../sample/record.ts';
import { createStreamReader, openFileReader } from './byte-reader.ts';
import { parseCsvHeader } from './csv-header.ts';
import { createFixedFramer } from './fixed-framer.ts';
import type { Framer } from './framer.ts';
import { createLineFramer } from './line-framer.ts';
import { createRecordPass, type RecordPass } from './record-pass.ts';

const CHUNK_RECORDS_MAX = 1000;
const DEFAULT_MAX_RECORD_BYTES = 8 * 1024 * 1024;
const NO_HEADERS: Headers = [];

/** How the records of a file lie in it: rows under a CSV header, a line each, or so many bytes each. */
export type FileFraming = 'csv' | 'ndjson' | { readonly recordBytes: number };

export interface FileSourceOptions {
  /** A file, or `-` for standard input. */
  readonly path: string;
  readonly format: FileFraming;
  /** How many times the file is read, 1 unless said; standard input can be read only once. */
  readonly epochs?: number;
  /** Longer records arrive cut to one byte more than this, so that decoding rejects them. 8 MiB unless said. */
  readonly maxRecordBytes?: number;
  /** What `-` reads, the process's standard input unless said. */
  readonly stdin?: Readable;
}

/**
 * A source over the records of a file, partition 0.
 * 1. Record i of epoch e of an n-record file has offset e·n + i. A CSV header and blank lines are not records;
 *    where records have a fixed size, what is left at the end is a shorter one.
 * 2. Bytes are read only when a chunk is asked for, and a chunk has at most 1000 records.
 * 3. Resuming reads past the records before the position; an input that ends before it is `source-shrunk`.
 */
export function createFileSource(options: FileSourceOptions): Source {
  const { path, format, epochs = 1, maxRecordBytes = DEFAULT_MAX_RECORD_BYTES } = options;
  const isStdin = path === '-';
  if (isStdin && epochs > 1) {
    throw new MillraceError(
      'config-invalid',
      `source.file.epochs is ${epochs}, but standard input can be read only once. Set it to 1, or name a file.`,
    );
  }
  const label = isStdin ? 'standard input' : path;
  let columns: readonly string[] | null = null;
  let pass: RecordPass | null = null;
  let isClosed = false;

  async function openPass(): Promise<RecordPass> {
    const reader = isStdin ? createStreamReader(options.stdin ?? process.stdin) : await openFileReader(path);
    return createRecordPass(reader, framerOf(format, maxRecordBytes));
  }

  async function rewind(signal: AbortSignal): Promise<void> {
    await pass?.close();
    const fresh = await guard(label, openPass);
    pass = fresh;
    if (format === 'csv') await guard(label, () => fresh.takeFirst(signal));
  }

  /** Yields the chunks of one pass; gives the number of its records, or null if it was stopped. */
  async function* onePass(first: number, start: number, signal: AbortSignal): AsyncGenerator<Chunk, number | null> {
    let count = 0;
    for (;;) {
      const records = await guard(label, async () => (await pass?.next(signal)) ?? null);
      if (isClosed || signal.aborted) return null;
      if (records === null) return count;
      for (const chunk of chunksOf(records, first + count, start, path)) {
        yield chunk;
        if (isClosed || signal.aborted) return null;
      }
      count += records.length;
    }
  }

  async function* chunks(from: Positions, signal: AbortSignal): AsyncGenerator<Chunk, void> {
    const start = from.get(0) ?? 0;
    let offset = 0;
    let epoch = 0;
    while (epoch < epochs) {
      if (epoch > 0) await rewind(signal);
      const records = yield* onePass(offset, start, signal);
      if (records === null) return;
      if (records === 0) break;
      // The length is known after one pass: epochs that lie wholly before the position need not be read.
      const passed = epoch === 0 ? Math.min(Math.max(1, Math.floor(start / records)), epochs) : 1;
      epoch += passed;
      offset += passed * records;
    }
    if (offset < start) throw shrunk(label, offset, start);
  }

  return {
    name: isStdin ? label : `file ${path}`,
    origin: path,
    identity: null,
    get columns() {
      return columns;
    },
    async open() {
      if (!isStdin) await checkReadable(path);
      const opened = await guard(label, openPass);
      pass = opened;
      if (format === 'csv') columns = await readHeader(opened, label);
    },
    claim: async (signal) => !signal.aborted,
    chunks,
    async acknowledge() {},
    async close() {
      if (isClosed) return;
      isClosed = true;
      await pass?.close();
    },
  };
}

function framerOf(format: FileFraming, maxRecordBytes: number): Framer {
  if (typeof format === 'object') return createFixedFramer(format.recordBytes);
  return createLineFramer({ quoted: format === 'csv', maxRecordBytes });
}

async function readHeader(pass: RecordPass, label: string): Promise<string[]> {
  const header = await guard(label, () => pass.takeFirst(null));
  if (header === null) {
    throw new MillraceError('source-empty', `${label} is empty: a CSV input needs a header line with column names.`);
  }
  return parseCsvHeader(header, label);
}

/** Cuts a batch whose first record has number `first` into chunks, leaving out what lies before `start`. */
function* chunksOf(batch: readonly Uint8Array[], first: number, start: number, origin: string): Generator<Chunk> {
  for (let at = Math.max(0, start - first); at < batch.length; at += CHUNK_RECORDS_MAX) {
    const end = Math.min(at + CHUNK_RECORDS_MAX, batch.length);
    const records: SourceRecord[] = [];
    for (let index = at; index < end; index += 1) {
      records.push({ key: null, value: batch[index], headers: NO_HEADERS, timestampMs: null, offset: first + index });
    }
    yield { origin, partition: 0, records: listedRecords(records), nextOffset: first + end };
  }
}

async function checkReadable(path: string): Promise<void> {
  const info = await guard(path, () => stat(path));
  if (info.isDirectory()) {
    throw new MillraceError('source-missing', `Cannot read ${path}: it is a folder. Name a file in source.file.path.`);
  }
}

/** Runs something that touches the input; what the system reports becomes `source-missing`. */
async function guard<T>(label: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw new MillraceError(
      'source-missing',
      `Cannot read ${label}: ${messageOf(error)}. Check source.file.path and its permissions.`,
      { cause: error },
    );
  }
}

function shrunk(label: string, records: number, start: number): MillraceError {
  return new MillraceError(
    'source-shrunk',
    `${label} has ${records} records, but the checkpoint resumes at record ${start}. ` +
      'Restore the input, or start anew with another checkpoint.dir.',
  );
}
