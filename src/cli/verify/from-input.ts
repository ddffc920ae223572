// Learns again where no journal is needed: an input of one partition has one order only.

import { MillraceError } from '../../errors.ts';
import { createCounters } from '../../pipeline/counters.ts';
import { takeRecords } from '../../sample/record.ts';
import { openFold } from '../run/model-source.ts';
import type { Relearnt, VerifyContext } from './context.ts';

/** Reads the input up to where the newest checkpoint stands. Throws MillraceError('usage-invalid') where there is none. */
export async function relearnFromInput(context: VerifyContext): Promise<Relearnt> {
  const { config, source, format, start, target, signal } = context;
  if (config.source.kafka)
    throw new MillraceError(
      'usage-invalid',
      'an at-least-once run keeps no journal, so the order in which it learnt is not known: verify needs `delivery: exactly-once`',
    );
  if (!target) throw new MillraceError('usage-invalid', 'there is no checkpoint to compare with: set `checkpoint`');
  const fold = openFold(config, format, start, { counters: createCounters() });
  const end = target.resume.sequence;
  if (fold.sequence < end && (await source.claim(signal, () => {}))) {
    for await (const whole of source.chunks(fold.positions, signal)) {
      fold.replay(takeRecords(whole, end - fold.sequence));
      if (fold.sequence >= end) break;
    }
  }
  return { fold, entries: null, firstDifference: null };
}
