// Puts records on topics in order, a bounded batch at a time: one send in flight, the next one filling.
// One, because kafkajs numbers a retried send anew: with two in flight to a partition, a lost answer would make the
// broker take the second for a duplicate of the first, and drop it.

import type { Message, RecordMetadata, TopicMessages } from 'kafkajs';
import { MillraceError } from '../errors.ts';
import { type OutputRecords, recordAt } from '../sample/packed-records.ts';
import { recordBytes, toMessage } from './records.ts';

/** kafkajs copies the messages of a partition for every message of a send: quadratic, and slower beyond this. */
const sendRecordsMax = 500;

export interface SendQueue {
  /** Appends record `row`; resolves once no more than the bound is waiting. Throws what an earlier send failed with. */
  add(topic: string, records: OutputRecords, row: number, partition: number): Promise<void> | undefined;
  /** Whether the bytes of a record that was added are read no more; here they are views until they were sent. */
  readonly copies: boolean;
  /** Sends what was added now, unless a send is in flight: then it goes with the next. */
  begin(): void;
  /** Resolves once all that was added is confirmed. */
  drain(): Promise<void>;
  /** Sends nothing new; resolves once nothing is on its way, or rejects with what has failed. Later calls throw. */
  halt(): Promise<void>;
}

export interface SendQueueOptions {
  /** Sends, and gives the answer of each partition. */
  readonly send: (topicMessages: TopicMessages[]) => Promise<RecordMetadata[]>;
  /** Of one send and partition: kafkajs makes one record batch of them. */
  readonly partitionBytesMax: number;
}

/** Messages of one send, and how full each partition of it is. */
class SendBatch {
  readonly #messages = new Map<string, Message[]>();
  readonly #filled = new Map<string, { records: number; bytes: number }>();

  get isEmpty(): boolean {
    return this.#messages.size === 0;
  }

  topicMessages(): TopicMessages[] {
    return [...this.#messages].map(([topic, messages]) => ({ topic, messages }));
  }

  /** `topic/partition` of everything in it. */
  places(): string[] {
    return [...this.#filled.keys()];
  }

  hasRoom(place: string, bytes: number, bytesMax: number): boolean {
    const filled = this.#filled.get(place);
    return !filled || (filled.records < sendRecordsMax && filled.bytes + bytes <= bytesMax);
  }

  append(topic: string, place: string, message: Message, bytes: number): void {
    const messages = this.#messages.get(topic);
    if (messages) messages.push(message);
    else this.#messages.set(topic, [message]);
    const filled = this.#filled.get(place) ?? { records: 0, bytes: 0 };
    this.#filled.set(place, { records: filled.records + 1, bytes: filled.bytes + bytes });
  }
}

/** A queue of sends of at most 500 records and `partitionBytesMax` bytes for each partition. */
export function createSendQueue({ send, partitionBytesMax }: SendQueueOptions): SendQueue {
  let filling = new SendBatch();
  let sending: Promise<void> | null = null;
  let failure: { error: unknown } | null = null;
  let isHalted = false;

  const start = () => {
    const batch = filling;
    filling = new SendBatch();
    sending = sendAll(send, batch)
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
    if (isHalted) throw new Error('the producer is closed');
  };

  const begin = () => {
    if (sending === null && !failure && !isHalted && !filling.isEmpty) start();
  };

  const addWithRoom = async (topic: string, place: string, message: Message, bytes: number) => {
    while (!filling.hasRoom(place, bytes, partitionBytesMax)) {
      if (sending === null) start();
      await sending;
      throwFailure();
    }
    filling.append(topic, place, message, bytes);
  };

  return {
    copies: false,
    begin,
    add(topic, records, row, partition) {
      throwFailure();
      const place = `${topic}/${partition}`;
      const bytes = recordBytes(records, row);
      const message = toMessage(recordAt(records, row), partition);
      if (!filling.hasRoom(place, bytes, partitionBytesMax)) return addWithRoom(topic, place, message, bytes);
      filling.append(topic, place, message, bytes);
    },
    async drain() {
      begin();
      while (sending !== null) await sending;
      throwFailure();
    },
    async halt() {
      isHalted = true;
      await sending;
      if (failure) throw failure.error;
    },
  };
}

/** Sends a batch, and counts the answers: kafkajs may resolve although a partition whose leader moved was left out. */
async function sendAll(send: SendQueueOptions['send'], batch: SendBatch): Promise<void> {
  const answers = await send(batch.topicMessages());
  requireConfirmed(batch.places(), answers);
}

/** Throws kafka-produce-incomplete unless every `topic/partition` has an answer without an error. */
export function requireConfirmed(places: readonly string[], answers: readonly RecordMetadata[]): void {
  const confirmed = new Set(
    answers.filter(({ errorCode }) => errorCode === 0).map(({ topicName, partition }) => `${topicName}/${partition}`),
  );
  const missing = places.filter((place) => !confirmed.has(place));
  if (missing.length === 0) return;
  throw new MillraceError(
    'kafka-produce-incomplete',
    `Kafka did not confirm what was sent to ${missing.join(', ')} (topic/partition). ` +
      'Start again: Millrace resumes from the checkpoint.',
  );
}
