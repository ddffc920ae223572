// A broker of the Kafka protocol that answers Produce as a test says, over a real socket: what real brokers do only when
// leaders move or answers get lost. It leads every partition itself and keeps nothing.
// Source: Apache Kafka protocol guide, Metadata version 12 and Produce version 9.

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Reader, Writer } from '@platformatic/kafka';

/** A batch as it came. */
export interface ReceivedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly producer: bigint;
  readonly epoch: number;
  readonly firstSequence: number;
  readonly records: number;
  readonly bytes: Buffer;
}

/** What becomes of a request: an error code for each batch (0: taken; null: not spoken of), or `cut`: no answer at all. */
export type Verdict = readonly (number | null)[] | 'cut';

export interface ScriptedBroker {
  /** Its address, to connect to. */
  readonly address: string;
  /** The Produce requests so far, each with its batches. */
  readonly requests: readonly (readonly ReceivedBatch[])[];
  close(): Promise<void>;
}

const produceKey = 0;
const metadataKey = 3;

/** Starts one; `judge` is asked for each Produce request, the first of which is number 0. */
export async function startScriptedBroker(
  judge: (batches: readonly ReceivedBatch[], number: number) => Verdict | Promise<Verdict>,
): Promise<ScriptedBroker> {
  const requests: ReceivedBatch[][] = [];
  const sockets = new Set<Socket>();
  const ends = new Map<string, number>();

  async function answer(socket: Socket, frame: Buffer): Promise<void> {
    const reader = Reader.from(frame);
    const [apiKey, , correlation] = [reader.readInt16(), reader.readInt16(), reader.readInt32()];
    reader.readNullableString(false);
    reader.readTaggedFields();
    const head = Writer.create().appendInt32(correlation).appendTaggedFields();
    if (apiKey === metadataKey) return send(socket, head.appendFrom(metadata(reader, socket.localPort ?? 0)));
    if (apiKey !== produceKey) throw new Error(`the scripted broker was asked for API ${apiKey}`);
    const batches = readBatches(reader);
    requests.push(batches);
    const verdict = await judge(batches, requests.length - 1);
    if (verdict === 'cut') socket.destroy();
    else send(socket, head.appendFrom(produced(batches, verdict, ends)));
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let held: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
        const end = 4 + held.readInt32BE(0);
        void answer(socket, held.subarray(4, end));
        held = held.subarray(end);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    address: `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

function send(socket: Socket, answer: Writer): void {
  if (!socket.destroyed) socket.write(answer.prependLength().buffer);
}

/** Partitions 0 to 3 of every topic that is asked for are here. */
function metadata(reader: Reader, port: number): Writer {
  const topics = reader.readArray((each) => {
    each.readUUID();
    return each.readString();
  });
  return Writer.create()
    .appendInt32(0)
    .appendArray([port], (writer) =>
      writer.appendInt32(1).appendString('127.0.0.1').appendInt32(port).appendString(null),
    )
    .appendString('scripted')
    .appendInt32(1)
    .appendArray(topics, (writer, topic) => {
      writer.appendInt16(0).appendString(topic).appendUUID(null).appendBoolean(false);
      writer.appendArray([0, 1, 2, 3], (inner, partition) => {
        inner.appendInt16(0).appendInt32(partition).appendInt32(1).appendInt32(0);
        for (const nodes of [[1], [1], []]) {
          inner.appendArray(nodes, (list, node) => list.appendInt32(node), true, false);
        }
      });
      writer.appendInt32(0);
    })
    .appendTaggedFields();
}

function readBatches(reader: Reader): ReceivedBatch[] {
  reader.readNullableString();
  reader.skip(2 + 4);
  const topics = reader.readArray((each) => {
    const topic = each.readString();
    return each.readArray((inner) => readBatch(topic, inner.readInt32(), inner.readBytes()));
  });
  return topics.flat();
}

/** Source: Apache Kafka, "Record Batch" in the message format. */
function readBatch(topic: string, partition: number, bytes: Buffer): ReceivedBatch {
  const own = Buffer.from(bytes);
  const [producer, epoch] = [own.readBigInt64BE(43), own.readInt16BE(51)];
  return {
    topic,
    partition,
    producer,
    epoch,
    firstSequence: own.readInt32BE(53),
    records: own.readInt32BE(57),
    bytes: own,
  };
}

function produced(batches: readonly ReceivedBatch[], verdict: readonly (number | null)[], ends: Map<string, number>) {
  const spokenOf = batches.flatMap((batch, index) => {
    const errorCode = verdict[index] ?? null;
    return errorCode === null ? [] : [{ ...batch, errorCode }];
  });
  return Writer.create()
    .appendArray([...Map.groupBy(spokenOf, ({ topic }) => topic)], (writer, [topic, group]) => {
      writer.appendString(topic).appendArray(group, (inner, { partition, errorCode, records }) => {
        const place = `${topic}/${partition}`;
        const end = ends.get(place) ?? 0;
        if (errorCode === 0) ends.set(place, end + records);
        inner.appendInt32(partition).appendInt16(errorCode);
        inner
          .appendInt64(errorCode === 0 ? BigInt(end) : -1n)
          .appendInt64(-1n)
          .appendInt64(-1n);
        inner.appendArray([], () => {}).appendString(null);
      });
    })
    .appendInt32(0)
    .appendTaggedFields();
}
