// What may have become of an input since a checkpoint was saved: another topic of the same name, more partitions.

import { MillraceError } from '../../errors.ts';
import type { InputIdentity, Source } from '../../pipeline/ports.ts';
import { say } from '../console.ts';
import type { Acceptance } from './attempt.ts';

/**
 * Whether the positions of a checkpoint still mean what they meant. Throws MillraceError where the input has changed and
 * that was not accepted.
 */
export function positionsHold(
  before: InputIdentity | null,
  source: Source,
  accepted: ReadonlySet<Acceptance>,
): boolean {
  const now = source.identity;
  if (!before || !now) return true;
  if (before.id !== null && now.id !== null && before.id !== now.id) {
    if (!accepted.has('recreated-topic')) throw recreated(source.name);
    say(`${source.name} was recreated: going on with the model, from the new topic's beginning`);
    return false;
  }
  if (now.partitions > before.partitions) {
    if (!accepted.has('added-partitions')) throw added(source.name, before.partitions, now.partitions);
    say(`${source.name} has ${now.partitions - before.partitions} new partitions: reading them from their beginning`);
  }
  return true;
}

function recreated(name: string): MillraceError {
  return new MillraceError(
    'topic-recreated',
    `${name} is not the one that the checkpoint was learnt from: it was deleted and created again. To go on with the ` +
      'model, from the beginning of the new topic, start once with `--accept recreated-topic`; to learn anew, use another `name`',
  );
}

function added(name: string, before: number, now: number): MillraceError {
  return new MillraceError(
    'partitions-added',
    `${name} has ${now} partitions, and had ${before} when the checkpoint was saved: records of one key may now be in ` +
      'another partition, and in another order. If that is meant, start once with `--accept added-partitions`',
  );
}
