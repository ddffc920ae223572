// @platformatic/kafka's own producer, with its transactions. Set for throughput: sends of 2000 records, up to 4 of them ahead
// (idempotence wants one at a time on its way), records not validated one by one (`strict`, its default), and 5 ms instead of
// 1000 before a coordinator that has said "not yet" is asked again.
// Of requests of a kind at once only the first is made (`kPerformDeduplicated`): of four `addOffset`, 2.12.1 loses three
// without a word, and of four first sends to a partition each the broker refuses three. So the partitions of a transaction are
// added by one call before the sends, and its offsets one after the other.

import { Consumer, type Message, type MessageToProduce, Producer } from '@platformatic/kafka';
import { createKafkaClient } from '../../../src/kafka/client.ts';
import { encodeJournalEntry, ensureJournal } from '../../../src/kafka/journal.ts';
import { withAdmin } from '../../../src/kafka/topics.ts';
import { recordAt } from '../../../src/sample/packed-records.ts';
import { input, type Piece, partitions } from './pieces.ts';
import type { Place, Writer } from './writer.ts';

const sendRecords = 2000;
const sendsAhead = 4;
const noBytes = Buffer.alloc(0);

/** Opens the journal's topic, and a first transaction. */
export async function openPlatformatic({ brokers, name, output }: Place): Promise<Writer> {
  const journal = `${name}-journal`;
  await withAdmin(createKafkaClient({ brokers }), { brokers }, (admin) => ensureJournal(admin, journal, { brokers }));
  const common = { clientId: 'bench', bootstrapBrokers: brokers, retries: 100, retryDelay: 5 };
  const producer = new Producer({ ...common, idempotent: true, transactionalId: name });
  // Knows the group and never joins it.
  const consumer = new Consumer({ ...common, groupId: name });
  const group = {
    ...{ groupId: name, generationId: -1, memberId: '' },
    coordinatorId: await consumer.findGroupCoordinator(),
  };
  const metadata = await producer.metadata({ topics: [output, journal, input] });
  const places = [
    ...Array.from({ length: partitions }, (_, partition) => ({ topic: output, partition, value: noBytes })),
    { topic: journal, partition: 0, value: noBytes },
  ];

  async function begin() {
    const begun = await producer.beginTransaction();
    await begun.addPartitions(metadata, places);
    return begun;
  }

  let open: ReturnType<typeof begin> | null = null;
  let filling: MessageToProduce[] = [];
  let sending: Promise<unknown>[] = [];

  const transaction = () => {
    open ??= begin();
    return open;
  };

  async function send(): Promise<void> {
    const messages = filling;
    filling = [];
    if (sending.length >= sendsAhead) await sending.shift();
    sending.push((await transaction()).send({ messages }));
  }

  async function sendOffsets(positions: ReadonlyMap<number, number>): Promise<void> {
    const opened = await transaction();
    await opened.addConsumer(consumer);
    for (const [partition, offset] of positions) {
      await opened.addOffset(lastMessage(partition, offset, group));
    }
  }

  await transaction();
  return {
    async write(piece) {
      for (const message of messagesOf(piece, output)) filling.push(message);
      if (filling.length >= sendRecords) await send();
    },
    async commit(boundary) {
      const value = Buffer.from(encodeJournalEntry({ topic: input, topicId: null }, boundary));
      filling.push({ topic: journal, partition: 0, value });
      await send();
      await Promise.all([...sending, sendOffsets(boundary.positions)]);
      sending = [];
      await (await transaction()).commit();
      open = null;
    },
    async close() {
      await producer.close();
      await consumer.close();
    },
  };
}

function messagesOf({ predictions }: Piece, topic: string): MessageToProduce[] {
  return Array.from({ length: predictions.length }, (_, row) => {
    const { key, value, headers, timestampMs } = recordAt(predictions, row);
    return {
      ...{ topic, partition: predictions.partition },
      key: asBuffer(key),
      value: asBuffer(value),
      headers: new Map(headers.map(([header, content]) => [Buffer.from(header), asBuffer(content)])),
      timestamp: BigInt(timestampMs ?? 0),
    };
  });
}

function asBuffer(bytes: Uint8Array | null): Buffer {
  return bytes === null ? noBytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The message before an offset, by which the library names what is dealt with. */
function lastMessage(partition: number, offset: number, consumer: Record<string, unknown>): Message {
  return {
    ...{ topic: input, partition, offset: BigInt(offset - 1), leaderEpoch: 0, timestamp: 0n },
    ...{ key: noBytes, value: noBytes, headers: new Map(), headerEntries: [] },
    metadata: { consumer },
    commit() {},
    toJSON() {
      throw new Error('nobody asks for it');
    },
  };
}
