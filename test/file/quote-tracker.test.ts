import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createQuoteTracker } from '../../src/file/quote-tracker.ts';

/** Whether a quoted field is open before each byte of a record, by RFC 4180's grammar, one character at a time. */
function openBefore(text: string): boolean[] {
  let isOpen = false;
  let atFieldStart = true;
  let justClosed = false;
  return [...text].map((character) => {
    const before = isOpen;
    if (character === '"') {
      const opens = !isOpen && (atFieldStart || justClosed);
      justClosed = isOpen;
      isOpen = opens;
    } else justClosed = false;
    atFieldStart = !isOpen && character === ',';
    return before;
  });
}

it('knows at every byte whether a quoted field is open, wherever the buffers end', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '"', ',', 'a', '\n'), maxLength: 30 });
  fc.assert(
    fc.property(text, fc.nat({ max: 30 }), (record, cut) => {
      const place = Math.min(cut, record.length);
      const tracker = createQuoteTracker();
      const seen: boolean[] = [];
      const parts = [record.slice(0, place), record.slice(place)];
      parts.forEach((part, index) => {
        tracker.enter(Buffer.from(part));
        const start = index === 0 || place === 0 ? 0 : -1;
        for (let at = 0; at < part.length; at++) seen.push(tracker.isOpenAt(at, start));
        tracker.isOpenAt(part.length, start);
      });
      expect(seen).toEqual(openBefore(record));
    }),
    { numRuns: 2000 },
  );
});

it('forgets an open field when the record is over', () => {
  const tracker = createQuoteTracker();
  tracker.enter(Buffer.from('"open'));
  expect(tracker.isOpenAt(5, 0)).toBe(true);
  tracker.reset();
  expect(tracker.isOpenAt(5, 5)).toBe(false);
});
