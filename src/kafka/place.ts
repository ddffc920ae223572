// A partition of a topic, and what it is called.

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** The same for the same place, for maps and sets. */
export function placeKey({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}

/** For messages. */
export function placeInWords({ topic, partition }: Place): string {
  return `partition ${partition} of topic '${topic}'`;
}
