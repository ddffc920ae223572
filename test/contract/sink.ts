// What every way out promises (src/pipeline/ports.ts, Sink): one suite, run on every adapter.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MillraceError } from '../../src/errors.ts';
import type { Sink } from '../../src/pipeline/ports.ts';
import type { OutputRecord } from '../../src/sample/record.ts';

/** One destination and the sinks to it. */
export interface SinkHarness {
  /** A fresh, unopened sink to the destination. */
  create(): Sink;
  /** The values at the destination, in order, as someone else reads them. */
  read(): Promise<string[]>;
  /** Whether `flush` gives a mark and `open` cuts back to it. */
  readonly keepsMark: boolean;
  /** A sink whose `open` must fail with this code. */
  readonly broken: { create(): Sink; readonly code: string };
  dispose?(): Promise<void>;
}

function records(from: number, to: number): OutputRecord[] {
  return Array.from({ length: to - from }, (_, index) => ({
    key: null,
    value: Buffer.from(`{"prediction":${from + index}}`),
    headers: [],
    timestampMs: null,
    partition: null,
  }));
}

function values(from: number, to: number): string[] {
  return records(from, to).map(({ value }) => String(value));
}

/** Registers the suite; `makeHarness` is called anew for each test. */
export function describeSinkContract(name: string, makeHarness: () => Promise<SinkHarness>): void {
  describe(`sink contract: ${name}`, () => {
    let harness: SinkHarness;
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      await harness.dispose?.();
    });

    async function opened(mark: number | null = null): Promise<Sink> {
      const sink = harness.create();
      await sink.open(mark);
      return sink;
    }

    it('keeps the order of many writes', async () => {
      const sink = await opened();
      for (let at = 0; at < 3000; at += 50) await sink.write(records(at, at + 50));
      await sink.close();
      expect(await harness.read()).toEqual(values(0, 3000));
    });

    it('keeps the order of writes that were not waited for', async () => {
      const sink = await opened();
      await Promise.all(Array.from({ length: 40 }, (_, index) => sink.write(records(index * 10, index * 10 + 10))));
      await sink.close();
      expect(await harness.read()).toEqual(values(0, 400));
    });

    it('takes an empty write', async () => {
      const sink = await opened();
      await sink.write([]);
      await sink.write(records(0, 1));
      await sink.close();
      expect(await harness.read()).toEqual(values(0, 1));
    });

    it('has delivered everything once a flush is done', async () => {
      const sink = await opened();
      await sink.write(records(0, 100));
      await sink.flush();
      expect(await harness.read()).toEqual(values(0, 100));
      await sink.close();
    });

    it('stands flushes at the same time as writes', async () => {
      const sink = await opened();
      const marks: Promise<number | null>[] = [];
      for (let at = 0; at < 500; at += 10) {
        const written = sink.write(records(at, at + 10));
        marks.push(sink.flush());
        if (at % 50 === 0) await written;
      }
      const given = await Promise.all(marks);
      await sink.close();
      expect(await harness.read()).toEqual(values(0, 500));
      expect(given.every((mark) => (mark !== null) === harness.keepsMark)).toBe(true);
      const known = given.filter((mark) => mark !== null);
      expect(known).toEqual(known.toSorted((a, b) => a - b));
    });

    it('goes on at its mark, losing and repeating nothing', async () => {
      const first = await opened();
      await first.write(records(0, 100));
      const mark = await first.flush();
      await first.close();
      const second = await opened(mark);
      await second.write(records(100, 150));
      await second.close();
      expect(await harness.read()).toEqual(values(0, 150));
    });

    it('drops what lies past the mark it is opened at, or else keeps all', async () => {
      const first = await opened();
      await first.write(records(0, 40));
      const mark = await first.flush();
      await first.write(records(40, 90));
      await first.close();
      const kept = harness.keepsMark ? values(0, 40) : values(0, 90);
      const second = await opened(mark);
      expect(await harness.read()).toEqual(kept);
      await second.write(records(40, 45));
      await second.close();
      expect(await harness.read()).toEqual([...kept, ...values(40, 45)]);
      await (await opened()).close();
      expect(await harness.read()).toEqual(harness.keepsMark ? [] : [...kept, ...values(40, 45)]);
    });

    it('may be closed twice, and unopened', async () => {
      const sink = await opened();
      await sink.write(records(0, 3));
      await sink.close();
      await sink.close();
      await harness.create().close();
      expect(await harness.read()).toEqual(values(0, 3));
    });

    it('says what is wrong when it cannot be opened, and may then be closed', async () => {
      const sink = harness.broken.create();
      const error = await sink.open(null).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(MillraceError);
      expect(error).toMatchObject({ code: harness.broken.code });
      await sink.close();
    });
  });
}
