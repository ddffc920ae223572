import { describe, expect, it } from 'vitest';
import { chooseOwner } from '../../src/kafka/sole-owner-assigner.ts';

describe('the owner of all partitions', () => {
  it('is the member that owns them already', () => {
    const members = [
      { memberId: 'a', sinceMs: 0 },
      { memberId: 'b', sinceMs: 17 },
    ];
    expect(chooseOwner(members)).toBe('b');
  });

  it('is, of two that say they own them, the one that took over from the other', () => {
    const members = [
      { memberId: 'a', sinceMs: 17 },
      { memberId: 'b', sinceMs: 99 },
    ];
    expect(chooseOwner(members)).toBe('b');
  });

  it('does not depend on the order in which members are listed', () => {
    const members = [
      { memberId: 'b', sinceMs: 0 },
      { memberId: 'a', sinceMs: 0 },
    ];
    expect(chooseOwner(members)).toBe('a');
    expect(chooseOwner(members.toReversed())).toBe('a');
  });
});
