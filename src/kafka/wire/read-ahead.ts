// How far ahead is fetched: a bound in bytes over all partitions together, whatever their number. What waits to be taken
// and what was asked for stay within it as far as can be known: a batch comes whole even if larger, and what is compressed
// may grow more than what came before it.

import type { FetchRequest } from './fetch.ts';
import { heldBytes, type Lane } from './fetch-lane.ts';

export interface ReadAheadOptions {
  /** Of the records that one answer brings of one partition, decompressed. */
  readonly partitionBytesMax: number;
  /** Of all that was not taken yet; room for 4 times the above, and 16 MiB at least, unless said. */
  readonly aheadBytesMax?: number;
}

/** What is asked of a leader. */
export interface Share<Leader> {
  readonly leader: Leader;
  readonly lanes: readonly Lane[];
  /** What its records may become. */
  readonly bytes: number;
  /** What may come, in the form in which it does. */
  readonly limits: Pick<FetchRequest, 'partitionBytesMax' | 'answerBytesMax'>;
}

/** What the records of requests on their way may become, by whom they were sent to. */
export type Asked<Leader> = ReadonlyMap<Leader, number>;

export interface ReadAhead {
  /** Hears how many times longer than what came its records are: the next ones are taken to be like them. */
  heed(growth: number): void;
  /** Whether so much waits or is on its way that only lanes that somebody waits for may be asked for. */
  isFull(lanes: readonly Lane[], asked: Asked<unknown>): boolean;
  /**
   * What to ask of the leaders of those of `lanes` that want more. All that leaders are asked for is half of the bound at
   * most: those that have nothing to tell keep no others waiting. Where there is no room a lane that somebody waits for is
   * asked for all the same, as nobody may take what fills it before.
   */
  shares<Leader>(
    lanes: readonly Lane[],
    asked: Asked<Leader>,
    wanted: ReadonlyMap<Leader, readonly Lane[]>,
  ): Share<Leader>[];
}

/** Room for so many of the largest answers: one is read in one go, and whatever else is to be done waits for that. */
const answersMin = 4;
const answerBytesMin = 4 << 20;
/** What records are taken to grow by before any has come: a first answer that is small does little harm. */
const unknownGrowth = 8;

/** Nothing has come yet. */
export function createReadAhead({ partitionBytesMax, ...options }: ReadAheadOptions): ReadAhead {
  const { aheadBytesMax = answersMin * Math.max(partitionBytesMax, answerBytesMin) } = options;
  let growth = unknownGrowth;
  const roomOf = (lanes: readonly Lane[], asked: Asked<unknown>) =>
    [...asked.values()].reduce((room, bytes) => room - bytes, aheadBytesMax - heldBytes(lanes));
  return {
    heed(grown) {
      growth = Math.max(1, grown);
    },
    isFull: (lanes, asked) => roomOf(lanes, asked) < aheadBytesMax / answersMin,
    shares(all, asked, wanted) {
      const leaders = new Set([...asked.keys(), ...wanted.keys()]).size;
      const leaderBytesMax = Math.floor(aheadBytesMax / Math.max(answersMin, 2 * leaders));
      const bytesFor = (lanes: readonly Lane[]) => Math.min(leaderBytesMax, lanes.length * partitionBytesMax);
      let room = roomOf(all, asked);
      return [...wanted].flatMap(([leader, led]) => {
        if (asked.has(leader)) return [];
        const lanes = bytesFor(led) <= room ? led : led.filter(({ isAwaited }) => isAwaited);
        if (lanes.length === 0) return [];
        const bytes = bytesFor(lanes);
        room -= bytes;
        const limits = {
          partitionBytesMax: Math.ceil(partitionBytesMax / growth),
          answerBytesMax: Math.ceil(bytes / growth),
        };
        return [{ leader, lanes, bytes, limits }];
      });
    },
  };
}
