import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createStateRoom } from '../../../src/learner/metrics/state-room.ts';
import { createWindow } from '../../../src/learner/metrics/window.ts';

it('holds the newest rows, oldest first, however many come at a time', () => {
  const pushes = fc.array(fc.nat({ max: 150 }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 3 }), pushes, (size, facts, counts) => {
      const window = createWindow(size, facts, createStateRoom());
      const all: number[] = [];
      for (const count of counts) {
        const rows = Float64Array.from({ length: count * facts }, (_, index) => all.length + index);
        window.push(rows, count);
        all.push(...rows);
      }
      const seen: number[] = [];
      window.visit((rows, from, to) => seen.push(...rows.subarray(from * facts, to * facts)));
      expect(seen).toEqual(all.slice(Math.max(0, all.length - size * facts)));
    }),
  );
});
