// Exactly once: predictions, dead letters, a journal record and the consumed offsets of a commit interval are one
// transaction. Opening it shuts out every older instance.

import type { Kafka } from 'kafkajs';
import type { Delivery } from '../pipeline/ports.ts';
import type { Positions } from '../sample/record.ts';
import { createKafkaClient, type KafkaConnection } from './client.ts';
import { encodeJournalEntry, ensureJournal, type JournalInput } from './journal.ts';
import { createKafkajsTransactions } from './kafkajs-transactions.ts';
import { type OutputTopics, openOutputEnds } from './output-ends.ts';
import { committedOffsets, withAdmin } from './topics.ts';
import type {
  TransactionalProducer,
  TransactionalProducerOptions,
  TransactionStage,
} from './transactional-producer.ts';
import { createWireTransactions } from './wire/wire-transactions.ts';

export interface TransactionalDeliveryOptions {
  readonly connection: KafkaConnection;
  readonly input: JournalInput & { readonly groupId: string };
  readonly outputs: OutputTopics;
  readonly journalTopic: string;
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** `wire` writes batches itself; `kafkajs` goes through that client. */
  readonly producer: 'wire' | 'kafkajs';
  readonly onStage?: (stage: TransactionStage) => Promise<void> | void;
}

/** A delivery that has shut out every other, and what the group had committed when it did. */
export interface TransactionalDelivery extends Delivery {
  /** The committed offset of every partition that has one. */
  readonly committed: Positions;
  close(): Promise<void>;
}

/** Opens the topics and fences. Throws MillraceError. */
export async function openTransactionalDelivery(options: TransactionalDeliveryOptions): Promise<TransactionalDelivery> {
  const { connection, journalTopic } = options;
  const { topic, topicId, groupId } = options.input;
  const client = createKafkaClient(connection);
  const ends = await withAdmin(client, connection, async (admin) => {
    await ensureJournal(admin, journalTopic, connection);
    return openOutputEnds(admin, options.outputs, connection);
  });
  const journal = { topic: journalTopic, partition: 0 };
  const producer = createProducer(options, client, {
    partitionBytesMax: ends.sendBytes,
    places: [...ends.places, journal],
    journal,
  });
  try {
    await producer.fence();
    const committed = await withAdmin(client, connection, (admin) => committedOffsets(admin, groupId, topic));
    return {
      committed,
      async write({ predictions, deadLetters }) {
        await ends.predictions?.add(predictions, producer);
        await ends.deadLetters?.add(deadLetters, producer);
        producer.begin();
      },
      async commit(boundary) {
        const offset = await producer.commit({
          journal: encodeJournalEntry({ topic, topicId }, boundary),
          offsets: { topic, groupId, positions: boundary.positions },
        });
        return { predictions: null, deadLetters: null, journal: offset + 1 };
      },
      close: () => producer.close(),
    };
  } catch (error) {
    await producer.close();
    throw error;
  }
}

function createProducer(
  { connection, transactionalId, timeoutMs, producer, onStage, input }: TransactionalDeliveryOptions,
  client: Kafka,
  ends: Pick<TransactionalProducerOptions, 'partitionBytesMax' | 'places' | 'journal'>,
): TransactionalProducer {
  const { groupId } = input;
  const common = { connection, transactionalId, groupId, timeoutMs, ...ends, ...(onStage ? { onStage } : {}) };
  return producer === 'kafkajs' ? createKafkajsTransactions({ ...common, client }) : createWireTransactions(common);
}
