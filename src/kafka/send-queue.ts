// Puts records on a topic in order, a bounded batch at a time: one send in flight, the next one filling.
// One, because kafkajs numbers a retried send anew: with two in flight to a partition, a lost answer would make the
// broker take the second for a duplicate of the first, and drop it.

import type { Message, Producer } from 'kafkajs';
import { MillraceError } from '../errors.ts';
import type { OutputRecord } from '../sample/record.ts';
import { withPatience } from './patience.ts';
import { recordBytes, toMessage } from './records.ts';

/** kafkajs copies the messages of a partition for every message of a send: quadratic, and slower beyond this. */
const sendRecordsMax = 500;

export interface SendQueue {
  /** Appends; resolves once no more than the bound is waiting. Throws what an earlier send failed with. */
  add(record: OutputRecord, partition: number): Promise<void> | undefined;
  /** Sends what was added now, unless a send is in flight: then it goes with the next. */
  begin(): void;
  /** Resolves once all that was added is confirmed. */
  drain(): Promise<void>;
}

interface SendBatch {
  readonly messages: Message[];
  readonly records: Map<number, number>;
  readonly bytes: Map<number, number>;
}

function emptyBatch(): SendBatch {
  return { messages: [], records: new Map(), bytes: new Map() };
}

export interface SendQueueOptions {
  readonly producer: Producer;
  readonly topic: string;
  /** Of one send and partition: kafkajs makes one record batch of them. */
  readonly partitionBytesMax: number;
  /** A send that finds no broker is tried again for so long. */
  readonly outageMs: number;
}

/** A queue of sends of at most 500 records and `partitionBytesMax` bytes for each partition. */
export function createSendQueue(options: SendQueueOptions): SendQueue {
  const { partitionBytesMax } = options;
  let filling = emptyBatch();
  let sending: Promise<void> | null = null;
  let failure: { error: unknown } | null = null;

  const start = () => {
    const batch = filling;
    filling = emptyBatch();
    sending = send(options, batch)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .then(() => {
        sending = null;
        begin();
      });
  };

  const throwFailure = () => {
    if (failure) throw failure.error;
  };

  const begin = () => {
    if (sending === null && !failure && filling.messages.length > 0) start();
  };

  const append = (record: OutputRecord, partition: number, bytes: number) => {
    filling.messages.push(toMessage(record, partition));
    filling.records.set(partition, (filling.records.get(partition) ?? 0) + 1);
    filling.bytes.set(partition, (filling.bytes.get(partition) ?? 0) + bytes);
  };

  const hasRoom = (partition: number, bytes: number) => {
    const records = filling.records.get(partition) ?? 0;
    const filled = filling.bytes.get(partition) ?? 0;
    return records === 0 || (records < sendRecordsMax && filled + bytes <= partitionBytesMax);
  };

  const appendWithRoom = async (record: OutputRecord, partition: number, bytes: number) => {
    while (!hasRoom(partition, bytes)) {
      if (sending === null) start();
      await sending;
      throwFailure();
    }
    append(record, partition, bytes);
  };

  return {
    begin,
    add(record, partition) {
      throwFailure();
      const bytes = recordBytes(record);
      if (!hasRoom(partition, bytes)) return appendWithRoom(record, partition, bytes);
      append(record, partition, bytes);
    },
    async drain() {
      begin();
      while (sending !== null) await sending;
      throwFailure();
    },
  };
}

/** Sends a batch, and counts the answers: kafkajs may resolve although a partition whose leader moved was left out. */
async function send({ producer, topic, outageMs }: SendQueueOptions, batch: SendBatch): Promise<void> {
  // The same batch goes out under the same sequence numbers again, and a broker that has it already drops it. Only where
  // another broker had confirmed its part of the send does that part come twice.
  const answers = await withPatience(outageMs, () => producer.send({ topic, messages: batch.messages, acks: -1 }));
  const confirmed = new Set(answers.filter(({ errorCode }) => errorCode === 0).map(({ partition }) => partition));
  const missing = [...batch.records.keys()].filter((partition) => !confirmed.has(partition));
  if (missing.length > 0) {
    throw new MillraceError(
      'kafka-produce-incomplete',
      `Kafka did not confirm what was sent to partition ${missing.join(', ')} of topic '${topic}'. ` +
        'Start again: Millrace resumes from the checkpoint.',
    );
  }
}
