import { expect, it } from 'vitest';
import { barText } from '../../../src/cli/predict/progress-bar.ts';

it('tells how far a file is scored, and how fast', () => {
  expect(barText(0, 0, 0)).toBe(`${'─'.repeat(24)}   0 % · 0 records · 0/s`);
  expect(barText(0.5, 12340, 250000.4)).toBe(`${'█'.repeat(12)}${'─'.repeat(12)}  50 % · 12,340 records · 250,000/s`);
});

it('stays at the end where the file has grown, and shows no share where none is known', () => {
  expect(barText(1.2, 10, 5)).toBe(`${'█'.repeat(24)} 100 % · 10 records · 5/s`);
  expect(barText(null, 10, 5)).toBe('10 records · 5/s');
});
