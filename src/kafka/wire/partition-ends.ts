// Where partitions end: for what was written to them, and for readers with read_committed.

import { type Connection, listOffsetsV6 } from '@platformatic/kafka';
import { type Place, placeKey } from '../place.ts';
import type { WireCluster } from './cluster.ts';

/** `written`: the offset that the next record will have. `stable`: less than that where a transaction is open. */
export type EndKind = 'written' | 'stable';

const isolations = { written: 0, stable: 1 } as const;
const unknownEpoch = -1;
const noReplica = -1;
/** Asks for the end instead of for a time. */
const latest = -1n;

/** The end of each place, in their order; one request to each leader. Rejects where one has no leader at this moment. */
export async function partitionEnds(cluster: WireCluster, places: readonly Place[], kind: EndKind): Promise<number[]> {
  const leaders = await Promise.all(places.map(({ topic, partition }) => cluster.leader(topic, partition)));
  const led = places.map((place, index) => ({ place, leader: leaders[index] }));
  const answers = [...Map.groupBy(led, ({ leader }) => leader)].map(([leader, group]) =>
    askLeader(
      leader,
      group.map(({ place }) => place),
      kind,
    ),
  );
  const ends = new Map((await Promise.all(answers)).flat());
  return places.map((place) => ends.get(placeKey(place)) ?? 0);
}

async function askLeader(leader: Connection, places: readonly Place[], kind: EndKind): Promise<[string, number][]> {
  const topics = [...Map.groupBy(places, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map(({ partition }) => ({
      ...{ partitionIndex: partition, currentLeaderEpoch: unknownEpoch, timestamp: latest },
    })),
  }));
  const answer = await listOffsetsV6.api.async(leader, noReplica, isolations[kind], topics);
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, offset }): [string, number] => [
      placeKey({ topic: name, partition: partitionIndex }),
      Number(offset),
    ]),
  );
}
